// The audit as an auditor uses it: found by words, counted, watched by policies, looked at, taken out as files, kept for so long.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#shared/access/actor.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type {
  AuditAlerts,
  AuditExport,
  AuditExports,
  AuditFigures,
  AuditPage,
  AuditQuery,
  ComplianceReport,
  RetentionState,
} from '#shared/sync/audit-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { LogEntry } from '#server/audit/log-entry.ts';
import { purgeAudit } from '#server/audit/purge-audit.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { waitFor } from '#test/support/device.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { change, changesFor } from '#test/support/sync-world.ts';

const DAY_MS = 86_400_000;
const quickJobs = { retries: 2, firstPauseSeconds: 1, longestPauseSeconds: 1, lookSeconds: 1 };

describe.each(sqlEngines)('the audit explorer on $name', (engine: SqlEngine) => {
  const tenantId = 'north' as TenantId;
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let smtp: TestSmtp;
  let ada: SessionGrant;
  let bea: SessionGrant;
  let rene: SessionGrant;
  let lastOpNo = 0;

  beforeEach(async () => {
    place = await engine.createLocation();
    smtp = await startSmtp();
    server = await startServer({ location: place.location, mail: smtp.settings, jobTimes: quickJobs });
    await createOrganizationWith(server, tenantId, [
      { id: 'ada', role: 'org_admin' },
      { id: 'bea', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    [ada, bea, rene] = [await signIn(server, 'ada'), await signIn(server, 'bea'), await signIn(server, 'rene')];
    lastOpNo = 0;
  });
  afterEach(async () => {
    await server.remove();
    await smtp.stop();
    await place.remove();
  });

  async function push(entity: string, recordId: string, given: object): Promise<void> {
    lastOpNo += 1;
    const operation = {
      opId: `op-${String(lastOpNo)}`,
      opNo: lastOpNo,
      txn: null,
      kind: 'patch',
      entity,
      recordId,
      command: 'updateRecord',
      baseRev: 1_000_000,
      changes: [],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
      ...given,
    };
    const body = { protocol: 1, epoch: ada.actor.epoch, ops: [operation] };
    const answer = await call(server, '/sync/v1/push', { token: ada.accessToken, body });
    expect(answer.text).toContain('"status":"applied"');
  }
  const create = (entity: 'contact' | 'account' | 'lead', id: string, values: Readonly<Record<string, unknown>>) =>
    push(entity, id, { kind: 'create', command: 'createRecord', baseRev: 0, changes: changesFor(entity, values) });
  async function ask<Answer>(path: string, body?: object, grant = ada, method?: string): Promise<Answer> {
    const options = { token: grant.accessToken, ...(body === undefined ? {} : { body }) };
    const answer = await call(server, path, method === undefined ? options : { ...options, method });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.body as Answer;
  }
  const read = (query: AuditQuery) => ask<AuditPage>('/api/v1/audit/entries', query);
  const numbers = async (query: AuditQuery) => (await read(query)).entries.map(({ no }) => no);

  it('AUD-01 entries are found by words of names, values, commands and addresses, and not by what their reader does not see', async () => {
    await create('contact', 'c1', { name: 'Jo Bergström', phone: '+49 30 777', ownerId: 'ada' });
    await push('contact', 'c1', { changes: [change('phone', '+49 30 777', '+49 30 888')] });
    await create('account', 'a1', { name: 'Harbour Works', ownerId: 'ada' });
    expect(await numbers({ text: 'bergstr' })).toEqual([5, 4]);
    expect(await numbers({ text: '888' })).toEqual([5]);
    expect(await numbers({ text: 'createRecord berg' })).toEqual([4]);
    expect(await numbers({ text: 'HARB work' })).toEqual([6]);
    expect(await numbers({ text: 'signin rene' })).toEqual([3]);
    expect(await numbers({ text: 'nobody' })).toEqual([]);
    const { tenantName: _tenantName, ...rest } = ada.actor;
    const actor = { ...(rest as Actor), fields: { contact: { name: 'view' } } } as const;
    const found = async (text: string) =>
      (await readAudit(server.database, actor, { text })).entries.map(({ no }) => no);
    expect(await found('888')).toEqual([]);
    expect(await found('bergström')).toEqual([4]);
  });

  it('AUD-06 AUD-13 programs read logs, the history of a record and figures in the documented shapes', async () => {
    await create('lead', 'l1', { name: 'Kim Lee', company: 'Lee Ltd', ownerId: 'ada' });
    await push('lead', 'l1', { changes: [change('jobTitle', null, 'CTO')] });
    for (const url of ['/api/v1/audit/logs/', '/api/admin/audit-logs']) {
      const { logs } = await ask<{ logs: LogEntry[] }>(`${url}?action=lead_updated`);
      expect(logs).toHaveLength(1);
      expect(logs[0]).toMatchObject({
        action: 'lead_updated',
        user_id: 'ada',
        user_email: 'ada@example.test',
        resource_type: 'lead',
        entity_id: 'l1',
        entity_name: 'Kim Lee',
        old_values: { jobTitle: null },
        new_values: { jobTitle: 'CTO' },
        changed_fields: ['jobTitle'],
        success: true,
        error_message: null,
        ip_address: '127.0.0.1',
        session_id: ada.sessionId,
      });
    }
    const history = await ask<{ logs: LogEntry[] }>('/api/v1/audit/logs/by-entity/?entity_type=lead&entity_id=l1');
    expect(history.logs.map(({ action }) => action)).toEqual(['lead_updated', 'lead_created']);
    const stats = await ask<{ total: number; by_user: object }>('/api/admin/audit-logs/stats');
    expect(stats).toMatchObject({ total: 5, successful: 5, failed: 0, by_user: { ada: 3, bea: 1, rene: 1 } });
    const figures = await ask<AuditFigures>('/api/v1/audit/stats?days=7&entity=lead');
    expect(figures).toMatchObject({ entries: 2, sensitive: 1, byEntity: [{ key: 'lead', count: 2 }] });
    for (const url of ['/api/v1/audit/logs', '/api/v1/audit/stats?days=7', '/api/v1/audit/policies'])
      expect(codeOf(await call(server, url, { token: rene.accessToken }))).toBe('action_forbidden');
  });

  it('AUD-09 AUD-12 a policy marks what it finds, tells its recipients in their inbox and by mail, and a review with a note is an entry itself', async () => {
    const policy = {
      name: 'Personal data',
      rules: [{ condition: 'is_sensitive == True and entity_type == "contact"', alert: true }],
      applies_to_entities: ['contact'],
      applies_to_actions: ['update'],
      alert_on_violation: true,
      alert_recipients: ['bea'],
      retention_days: 2555,
    };
    const wrong = { ...policy, rules: [{ condition: 'is_sensitive == ' }] };
    const refused = await call(server, '/api/v1/audit/policies/', { token: ada.accessToken, body: wrong });
    expect(refused.body).toMatchObject({ error: { details: { problems: ['rules.0.condition:unfinished:15'] } } });
    const kept = await ask<{ id: string }>('/api/v1/audit/policies/', policy);
    await create('contact', 'c1', { name: 'Jo Berg', phone: '+49 30 1', ownerId: 'ada' });
    await push('contact', 'c1', { changes: [change('phone', '+49 30 1', '+49 30 2')] });
    const [open, ...others] = (await read({ review: 'open' })).entries;
    expect(others).toEqual([]);
    expect(open).toMatchObject({
      command: 'updateRecord',
      id: 'c1',
      review: { policies: [kept.id], reviewedAt: null },
    });
    await server.followAudit();
    await waitFor('the mail', () => Promise.resolve(smtp.mails.length === 1));
    const [mail] = smtp.mails;
    expect(mail === undefined ? null : recipientOf(mail)).toBe('bea@example.test');
    expect(smtp.mails[0]?.text).toContain('Personal data');
    expect(smtp.mails[0]?.text).not.toContain('+49 30 2');
    const notices = await server.database.inTenant(tenantId, (session) =>
      session.query<{ owner: string; data: Record<string, unknown> }>(
        `SELECT data ->> 'ownerId' AS owner, data FROM record WHERE tenant = $1 AND kind = 'announcement'`,
        [tenantId],
      ),
    );
    expect(notices.map(({ owner, data }) => [owner, data['topic'], data['sharing'], data['title']])).toEqual([
      ['bea', 'security', 'person', 'Audit: Personal data'],
    ]);
    expect(JSON.stringify(notices)).not.toMatch(/\+49 30|Jo Berg|Ada/);
    const told = async () => (await ask<AuditAlerts>('/api/v1/audit/alerts')).alerts[0]?.told;
    await waitFor('that the mail was noted', async () => (await told()) === 'sent');

    const no = open?.no ?? 0;
    await ask(`/api/v1/audit/logs/${String(no)}/review/`, { note: 'Asked Ada: fine.' }, bea);
    expect((await read({ review: 'open' })).entries).toEqual([]);
    const [done] = (await read({ review: 'done' })).entries;
    expect(done?.review).toMatchObject({ reviewedBy: 'bea', note: 'Asked Ada: fine.' });
    const [newest] = (await read({ limit: 1 })).entries;
    expect(newest).toMatchObject({ command: 'audit.review', id: String(no), actor: 'bea' });
    await ask(`/api/v1/audit/policies/${kept.id}`, undefined, ada, 'DELETE');
    const [removed] = (await read({ command: 'audit.policy.delete' })).entries;
    expect(removed?.changes).toContainEqual({ field: 'name', before: 'Personal data', after: null });
  });

  it('AUD-10 C11 a file is made by a job with the rights of its requester, and nobody else gets it', async () => {
    await create('contact', 'c1', { name: '=Jo Berg', phone: '+49 30 1', ownerId: 'ada' });
    for (const format of ['csv', 'json', 'pdf']) {
      const wished = await ask<AuditExport>('/api/v1/audit/exports/', { format, query: { entity: 'contact' } });
      const own = async () =>
        (await ask<AuditExports>('/api/v1/audit/exports')).exports.find(({ id }) => id === wished.id);
      await waitFor(`the ${format}`, async () => (await own())?.state === 'done');
      expect(await own()).toMatchObject({ entries: 1, format });
      const path = `/api/v1/audit/exports/${wished.id}/file`;
      const file = await call(server, path, { token: ada.accessToken });
      expect(file.status).toBe(200);
      if (format === 'csv') expect(file.text).toContain('+49 30 1');
      if (format === 'csv') expect(file.text).not.toMatch(/(^|,)=Jo/m);
      if (format === 'json') expect(file.text).toContain('"entityId":"c1"');
      if (format === 'pdf') expect(file.text.startsWith('%PDF')).toBe(true);
      expect(codeOf(await call(server, path, { token: bea.accessToken }))).toBe('not_found');
      expect(codeOf(await call(server, path, { token: rene.accessToken }))).toBe('action_forbidden');
    }
    expect((await ask<AuditExports>('/api/v1/audit/exports', undefined, bea)).exports).toEqual([]);
    expect((await read({ command: 'audit.export' })).entries[0]).toMatchObject({ isSensitive: true, effect: 'export' });
  });

  it('AUD-10 AUD-11 files say fields, roles and people in the words of their reader; for programs the ids stay', async () => {
    await push('user', 'ada', { changes: [change('locale', null, 'de')] });
    await create('contact', 'c1', { name: 'Jo Berg', ownerId: 'bea' });
    const made = async (wish: object): Promise<string> => {
      const wished = await ask<AuditExport>('/api/v1/audit/exports/', wish);
      const own = async () =>
        (await ask<AuditExports>('/api/v1/audit/exports')).exports.find(({ id }) => id === wished.id);
      await waitFor('the file', async () => (await own())?.state === 'done');
      return (await call(server, `/api/v1/audit/exports/${wished.id}/file`, { token: ada.accessToken })).text;
    };
    const bea = (await read({ id: 'bea' })).entries[0]?.name ?? '';
    const entries = await made({ format: 'csv', query: { entity: 'contact' } });
    expect(entries).toContain(`Verantwortlich: ∅ → ${bea}`);
    expect(entries).toContain('""ownerId"":""bea""');
    await call(server, '/api/v1/auth/sign-in', {
      body: { email: 'rene@example.test', password: 'not this one', deviceId: 'elsewhere', deviceName: 'Elsewhere' },
    });
    expect(await made({ format: 'csv', report: { report_type: 'failed_sign_ins' } })).toContain('Falsches Passwort');
    const review = { report_type: 'access_review' };
    expect(await made({ format: 'csv', report: review })).toMatch(/[,;]Vertrieb[,;]/);
    expect(await made({ format: 'json', report: review })).toContain('sales_rep');
  });

  it('AUD-10 a file of the entries up to one of them holds none after it', async () => {
    for (const id of ['c1', 'c2']) await create('contact', id, { name: `Person ${id}`, ownerId: 'ada' });
    const [later] = (await read({ entity: 'contact' })).entries;
    const query = { entity: 'contact', before: later?.no };
    const wished = await ask<AuditExport>('/api/v1/audit/exports/', { format: 'json', query });
    const own = async () =>
      (await ask<AuditExports>('/api/v1/audit/exports')).exports.find(({ id }) => id === wished.id);
    await waitFor('the file', async () => (await own())?.state === 'done');
    expect(await own()).toMatchObject({ entries: 1 });
  });

  it('AUD-11 compliance reports tell of access, permissions, exports, sign-ins, persons and second factors', async () => {
    await push('user', 'rene', { changes: [change('role', 'sales_rep', 'manager')] });
    await push('user', 'rene', { changes: [change('managerId', null, 'bea')] });
    const { reports } = await ask<{ reports: ComplianceReport[] }>('/api/v1/audit/compliance-reports/');
    const of = (type: string) => reports.find(({ report_type }) => report_type === type);
    expect(reports).toHaveLength(6);
    expect(of('access_review')?.summary).toMatchObject({ active: 3, administrators: 2 });
    expect(of('access_review')?.rows.map(([, email]) => email)).toContain('rene@example.test');
    // People read names, not keys and ids.
    const told = (of('permission_changes')?.rows ?? []).map((row) => row.join(' '));
    const bea = of('access_review')?.rows.find(([, email]) => email === 'bea@example.test')?.[0];
    expect(told[0]).toContain(`Manager: ∅ → ${String(bea)}`);
    expect(told[1]).toContain('Role: Sales representative → Manager');
    expect(of('failed_sign_ins')?.summary).toMatchObject({ succeeded: 3 });
    expect(of('mfa_coverage')?.summary).toMatchObject({ active: 3, percent: 0 });
    const one = await ask<{ reports: ComplianceReport[] }>(
      '/api/v1/audit/compliance-reports/?report_type=data_subject_requests',
    );
    expect(one.reports.map(({ report_type }) => report_type)).toEqual(['data_subject_requests']);
  });

  it('AUD-16 C9 old entries go into the archive, not under a legal hold, and the chain is verified from its first entry on', async () => {
    await create('contact', 'c1', { name: 'Jo Berg', phone: '+49 30 1', ownerId: 'ada' });
    await ask('/api/v1/audit/policies/', { name: 'Short', rules: [{ condition: 'False' }], retention_days: 30 });
    const kept = await verifyAudit(server.database, tenantId, [], 0);
    const laterMs = server.clock.now() + 40 * DAY_MS;
    await ask('/api/v1/audit/holds', { reason: 'Lawsuit 12/26' });
    expect(await purgeAudit(server.database, tenantId, laterMs)).toBe(0);
    const state = () => ask<RetentionState>('/api/v1/audit/retention');
    const [hold] = (await state()).holds;
    expect(hold).toMatchObject({ reason: 'Lawsuit 12/26', heldBy: 'ada', releasedAt: null });
    await ask(`/api/v1/audit/holds/${hold?.id ?? ''}/release`, {});
    // What asks to be looked at stays until somebody did.
    await read({ review: 'open' });
    expect(await purgeAudit(server.database, tenantId, laterMs)).toBe(5);
    for (const { no } of (await read({ review: 'open' })).entries)
      await ask(`/api/v1/audit/logs/${String(no)}/review`, {});
    expect(await purgeAudit(server.database, tenantId, laterMs)).toBeGreaterThan(0);
    expect(await state()).toMatchObject({ days: 30, archived: expect.any(Number) as number });
    const verified = await verifyAudit(server.database, tenantId, [kept.head], 0);
    expect(verified).toMatchObject({ finding: null, verified: verified.entries });
    expect(JSON.stringify(await read({}))).not.toContain('Jo Berg');
    // The first entries are gone from the audit, and no one can take away more than the server said it did.
    await server.database.asOwner((session) =>
      session.query('DELETE FROM audit WHERE tenant = $1 AND no = (SELECT min(no) FROM audit WHERE tenant = $1)', [
        tenantId,
      ]),
    );
    expect((await verifyAudit(server.database, tenantId, [], 0)).finding).toMatchObject({ kind: 'missing' });
    await server.database.asOwner((session) => session.query('DELETE FROM audit_archive'));
    expect((await verifyAudit(server.database, tenantId, [], 0)).finding).toMatchObject({ kind: 'missing', no: 1 });
  });
});
