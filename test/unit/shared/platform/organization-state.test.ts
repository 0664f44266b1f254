import { describe, expect, it } from 'vitest';
import { findClosure } from '#shared/platform/organization-state.ts';
import { limitsOf, noLimits, unlimitedPlan, withUnlimited, type Plan } from '#shared/platform/plans.ts';
import { platformCalls, platformCallNames, toPlatformRequest } from '#shared/platform/platform-calls.ts';
import { platformPermissions } from '#shared/access/permissions.ts';

const maintenance = { from: '2026-03-01T10:00:00.000Z', until: '2026-03-01T12:00:00.000Z', text: '' };
const at = (text: string) => Date.parse(`2026-03-01T${text}:00.000Z`);
const open = { isSuspended: false, reason: '', maintenance: null };

describe('the state of an organization', () => {
  it('OBS-16 announced maintenance closes nothing unless it says so, and then for its time alone', () => {
    expect(findClosure({ ...open, maintenance }, at('11:00'))).toBeNull();
    const closing = { ...open, maintenance: { ...maintenance, closes: true } };
    expect(['09:59', '10:00', '11:59', '12:00'].map((time) => findClosure(closing, at(time))?.code)).toEqual([
      undefined,
      'under_maintenance',
      'under_maintenance',
      undefined,
    ]);
    expect(findClosure(closing, at('12:00') - 4_500)?.details).toEqual({
      until: maintenance.until,
      retryAfterSeconds: 5,
    });
  });

  it('IDT-15 a suspended organization is told why and asked to come back: nothing ends and nothing is wiped', () => {
    const closure = findClosure({ ...open, isSuspended: true, reason: 'Unpaid.' }, at('11:00'));
    expect(closure?.reaction).toBe('retry');
    expect(closure?.details).toEqual({ suspendedFor: 'Unpaid.', retryAfterSeconds: 60 });
    expect(findClosure(open, at('11:00'))).toBeNull();
  });

  it('IDT-21 own limits go before those of the plan, also as no limit; a plan that is gone limits nothing', () => {
    const small: Plan = {
      id: 'small',
      name: 'Small',
      limits: { users: 5, records: 100, storageMb: 10, apiCalls: 1000 },
    };
    expect(limitsOf([small], 'small', {})).toEqual(small.limits);
    expect(limitsOf([small], 'small', { users: 7, records: null, storageMb: -1, apiCalls: 'many' })).toEqual({
      ...small.limits,
      users: 7,
      records: null,
    });
    expect(limitsOf([small], 'gone', null)).toEqual(noLimits);
    expect(withUnlimited([small])).toEqual([unlimitedPlan, small]);
    expect(withUnlimited([unlimitedPlan])).toEqual([unlimitedPlan]);
  });

  it('PER-09 every call of the installation needs one of its seven permissions, and all seven are needed for something', () => {
    const needed = new Set(platformCallNames.map((name) => platformCalls[name].permission));
    expect([...needed].sort()).toEqual(Object.keys(platformPermissions).sort());
    const places = platformCallNames.map((name) => `${platformCalls[name].method} ${platformCalls[name].path}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('IDT-15 an id cannot leave its place in the address', () => {
    const { path, body } = toPlatformRequest(platformCalls.resumeOrganization, { id: '../../sessions?x=1' });
    expect(path).toBe('/api/v1/platform/organizations/..%2F..%2Fsessions%3Fx%3D1/resume');
    expect(body).toEqual({});
    const asked = toPlatformRequest(platformCalls.readAudit, { organization: 'a&b', command: 'support.ask' });
    expect(asked).toEqual({
      method: 'GET',
      path: '/api/v1/platform/audit?organization=a%26b&command=support.ask',
      body: null,
    });
  });
});
