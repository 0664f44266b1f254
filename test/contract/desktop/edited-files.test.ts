// Whoever owns a computer owns its keychain, and with it the sealed files: they can make the screens of this computer say
// anything. The server never believes them, and the next contact puts everything right.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProfiles, type ProfileState } from '#main/profile/profiles.ts';
import { permissionNames } from '#shared/access/permissions.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const DAY = 86_400_000;
let server: TestServer;
let tenantId: TenantId;
let place: DesktopPlace;
beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'edited', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  place = createDesktopPlace();
}, 60_000);
afterAll(async () => {
  place.remove();
  await server.remove();
});

function draft(wish: Partial<OperationDraft>): OperationDraft {
  return {
    opId: randomUUID(),
    txn: null,
    kind: 'patch',
    entity: 'account',
    recordId: randomUUID(),
    command: 'updateRecord',
    baseRev: 1,
    changes: [],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...wish,
  };
}
const createOf = (ownerId: string, name: string): OperationDraft =>
  draft({
    kind: 'create',
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name } },
      { group: 'owner', base: {}, to: { ownerId } },
    ],
  });

const isSettled = (who: Desktop) => () => who.status().phase === 'idle' && who.status().pendingCount === 0;
const signIn = (who: Desktop, person: string) =>
  who.session.signIn({ serverUrl: server.url, email: emailOf(person), password: testPassword });

/** What the owner of the computer writes over who is signed in. */
async function editState(who: Desktop, change: (state: ProfileState) => ProfileState): Promise<void> {
  const profileId = who.session.active()?.account.profileId ?? '';
  const key = Buffer.from((await who.readSecret(`profile-key:${profileId}`)) ?? '', 'base64');
  await who.stop();
  const profiles = openProfiles(place.directory);
  const state = profiles.readState(profileId, key);
  if (state === null) throw new Error('the state could not be read');
  profiles.writeState(profileId, key, change(state));
}

describe('local files that were edited by their owner', () => {
  it('D9 a role, an epoch and a lease of the own making deceive the own screen, and nobody else', async () => {
    const secret = createOf('ada', 'Only for the administrator');
    const adaPlace = createDesktopPlace();
    const ada = await startDesktop(adaPlace);
    await signIn(ada, 'ada');
    ada.append([secret]);
    await ada.until(isSettled(ada));
    await ada.stop();
    adaPlace.remove();

    let rene = await startDesktop(place);
    await signIn(rene, 'rene');
    await rene.until(isSettled(rene));
    const before = rene.session.active()?.state().actor;
    await editState(rene, (state) => ({
      ...state,
      actor: { ...state.actor, role: 'super_admin', permissions: [...permissionNames], teamIds: ['all'], epoch: 999 },
      lease: {
        days: 100_000,
        contactServerMs: Date.now(),
        usedMs: -100_000 * DAY,
        seen: { wallMs: Date.now(), uptimeMs: Date.now() },
        ended: null,
      },
    }));
    place.local.epoch = 999;
    rene = await startDesktop(place, { isNetworkCut: true });
    expect(rene.session.state()).toMatchObject({ status: 'signedIn', actor: { role: 'super_admin' } });
    const forbidden = [
      draft({
        entity: 'user',
        recordId: 'rene',
        changes: [{ group: 'role', base: { role: 'sales_rep' }, to: { role: 'org_admin' } }],
      }),
      draft({ recordId: secret.recordId, changes: [{ group: 'name', base: {}, to: { name: 'Taken' } }] }),
      createOf('ada', 'In the name of somebody else'),
    ];
    const own = createOf('rene', 'Honest work');
    rene.append([...forbidden, own]);

    rene.network.isCut = false;
    rene.engine.syncNow();
    await rene.until(() => isSettled(rene)() && rene.status().attentionCount === forbidden.length);
    const active = rene.session.active();
    expect(active?.state().actor).toEqual(before);
    expect(active?.lease.describe().days).toBe(14);
    expect(Date.parse(active?.lease.describe().endsAt ?? '')).toBeLessThan(Date.now() + 15 * DAY);
    expect(place.local.epoch).toBe(before?.epoch);
    expect(
      active?.journal
        .attention()
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(forbidden.map(({ opId }) => opId).toSorted());
    expect(place.local.records.get(own.recordId)).toMatchObject({ name: 'Honest work' });
    expect([...place.local.records.values()].some(({ id }) => id === secret.recordId)).toBe(false);
    const stored = await server.database.inTenant(tenantId, (session) =>
      session.query<{ id: string; data: Record<string, unknown> }>(
        `SELECT id, data FROM record WHERE coll = 'accounts' OR id = 'rene' ORDER BY id`,
      ),
    );
    expect(stored.find(({ id }) => id === 'rene')?.data['role']).toBe('sales_rep');
    expect(
      stored
        .filter(({ data }) => data['kind'] === 'account')
        .map(({ data }) => String(data['name']))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['Honest work', 'Only for the administrator']);
    await rene.stop();
  });
});
