// What entries of the audit say of a change: before and after by field, from where, in which session; for whom, and for how long.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#shared/access/actor.ts';
import type { AuditLine, AuditQuery } from '#shared/sync/audit-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import { call, createOrganizationWith, signIn, startServer, type TestServer } from '#test/support/start-server.ts';
import { change, changesFor } from '#test/support/sync-world.ts';

describe.each(sqlEngines)('values in the audit on $name', (engine: SqlEngine) => {
  const tenantId = 'north' as TenantId;
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let ada: SessionGrant;
  let lastOpNo = 0;

  beforeEach(async () => {
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, tenantId, [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    ada = await signIn(server, 'ada');
    lastOpNo = 0;
  });
  afterEach(async () => {
    await server.remove();
    await place.remove();
  });

  async function push(entity: string, recordId: string, given: object, by = ada): Promise<void> {
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
    const body = { protocol: 1, epoch: by.actor.epoch, ops: [operation] };
    const answer = await call(server, '/sync/v1/push', { token: by.accessToken, body });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).toContain('"status":"applied"');
  }
  const create = (entity: 'contact' | 'account', id: string, values: Readonly<Record<string, unknown>>) =>
    push(entity, id, { kind: 'create', command: 'createRecord', baseRev: 0, changes: changesFor(entity, values) });
  async function read(query: AuditQuery, actor?: Actor): Promise<readonly AuditLine[]> {
    const { tenantName: _tenantName, ...rest } = ada.actor;
    return (await readAudit(server.database, actor ?? (rest as Actor), query)).entries;
  }

  it('A9 EML-12 the audit says that a letter was kept and who reads it now, and no word of it, however it is looked for', async () => {
    const rene = await signIn(server, 'rene');
    const links = { ownerId: 'rene', visibility: 'participants' };
    const values = {
      mailMessage: {
        ...links,
        fromName: 'Wilma Unterholz',
        direction: 'inbound',
        sentAt: '2026-11-20T10:00:00.000Z',
        recipients: [{ name: 'Rene', address: 'rene@example.test' }],
      },
      mailContent: { ...links, subject: 'Kuckucksuhr', excerpt: 'Kuckucksuhr', messageId: 'm1' },
    } as const;
    const made = { kind: 'create', command: 'createRecord', baseRev: 0 };
    await push('mailMessage', 'm1', { ...made, changes: changesFor('mailMessage', values.mailMessage) }, rene);
    await push('mailContent', 'm1c', { ...made, changes: changesFor('mailContent', values.mailContent) }, rene);
    lastOpNo = 0;
    await create('contact', 'c1', { name: 'Jo Kuckuck', ownerId: 'ada' });
    await server.followAudit();
    expect((await read({ text: 'kuckuck' })).map(({ id }) => id)).toEqual(['c1']);
    for (const text of ['kuckucksuhr', 'unterholz']) expect(await read({ text }), text).toEqual([]);
    const kept = await read({ entity: 'mailContent' });
    expect(kept).toMatchObject([{ id: 'm1c', effect: 'create', actor: 'rene', name: null, changes: null }]);
    const stored = await server.database.inTenant(tenantId, (session) =>
      session.query<{ text: string }>(
        `SELECT (SELECT string_agg(a::text, ' ') FROM audit a) || (SELECT string_agg(w::text, ' ') FROM audit_words w) AS text`,
      ),
    );
    expect(stored[0]?.text.toLowerCase()).not.toMatch(/kuckucksuhr|unterholz/);
  });

  it('AUD-08 an entry says before and after by field, from where, in which session, and whether it is sensitive', async () => {
    await create('contact', 'c1', { name: 'Jo Berg', lastName: 'Berg', phone: '+49 30 1', ownerId: 'ada' });
    await push('contact', 'c1', { changes: [change('phone', '+49 30 1', '+49 30 22')] });
    await push('contact', 'c1', { kind: 'delete', command: 'deleteRecord' });
    const [deleted, changed, created] = await read({ entity: 'contact' });
    expect(changed).toMatchObject({
      command: 'updateRecord',
      effect: 'update',
      actor: 'ada',
      actorEmail: 'ada@example.test',
      session: ada.sessionId,
      isSensitive: true,
      changes: [{ field: 'phone', before: '+49 30 1', after: '+49 30 22' }],
      detail: { address: '127.0.0.1' },
    });
    expect(created?.changes).toContainEqual({ field: 'lastName', before: null, after: 'Berg' });
    expect(created).toMatchObject({ effect: 'create', action: null });
    expect(deleted?.changes).toContainEqual({ field: 'phone', before: '+49 30 22', after: null });
    await create('account', 'a1', { name: 'Plain', ownerId: 'ada' });
    expect((await read({ id: 'a1' }))[0]).toMatchObject({ isSensitive: false, name: 'Plain' });
    expect((await read({ sensitive: true, entity: 'account' })).length).toBe(0);
  });

  it('A9 SYNC-36 hidden fields are not in what an entry says, masked ones are masks, and records out of reach say nothing', async () => {
    await create('contact', 'c1', {
      name: 'Jo Berg',
      lastName: 'Berg',
      phone: '+49 30 1',
      email: 'jo@x.example',
      ownerId: 'ada',
    });
    const { tenantName: _tenantName, ...rest } = ada.actor;
    const whole = rest as Actor;
    const fields = { contact: { name: 'view', lastName: 'view', phone: 'mask' } } as const;
    const [seen] = await read({ id: 'c1' }, { ...whole, fields });
    expect(seen?.changes?.map(({ field }) => field).sort()).toEqual(['lastName', 'name', 'ownerId', 'phone']);
    expect(seen?.changes?.find(({ field }) => field === 'phone')?.after).toEqual({ $masked: '•••' });
    expect(JSON.stringify(seen)).not.toContain('jo@x.example');
    const rep = { ...whole, role: 'sales_rep', userId: 'rene', teamIds: [] } as Actor;
    const [unseen] = await read({ id: 'c1' }, rep);
    expect(unseen).toMatchObject({ changes: null, isWithheld: true, name: null });
  });

  it('SYNC-55 SYNC-52 what an entry said of a person is erased with the person, and the chain still holds', async () => {
    await create('contact', 'c1', { name: 'Jo Berg', lastName: 'Berg', ownerId: 'ada' });
    await create('account', 'a1', { name: 'Stays', ownerId: 'ada' });
    const before = await verifyAudit(server.database, tenantId, [], 0);
    await server.database.inTenant(tenantId, (session) =>
      erasePerson(session, tenantId, { entity: 'contact', id: 'c1' }, { userId: 'ada', nowMs: server.clock.now() }),
    );
    expect((await read({ id: 'c1' })).map(({ changes }) => changes)).toEqual([null, null]);
    expect((await read({ id: 'a1' }))[0]?.changes).not.toBeNull();
    expect(await verifyAudit(server.database, tenantId, [before.head], 0)).toMatchObject({ finding: null });
    const left = await server.database.asOwner((session) =>
      session.query('SELECT 1 FROM audit WHERE field_values LIKE $1', ['%Berg%']),
    );
    expect(left).toEqual([]);
  });
});
