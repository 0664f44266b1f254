// A person asks what is known about them, and then to be forgotten. Afterwards everything is tried to bring them back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packFormerValues, unpackFormerValues } from '#renderer/data/former-values.ts';
import type { PullItem, PullResponse, SessionGrant, Verdict } from '#shared/sync/messages.ts';
import type { PersonExport } from '#shared/sync/privacy-messages.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { readTables } from '#server/backup/dump.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  spawnServer,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { change, changesFor } from '#test/support/sync-world.ts';

const CANARY = 'Wilhelmina Canary';
const EMAIL = 'wilhelmina@canary.example';

describe.each(sqlEngines)('a person in the data on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let folder: string;
  let ada: SessionGrant;
  let rene: SessionGrant;
  let lastOpNo: Map<string, number>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outpost-privacy-'));
    place = await engine.createLocation();
    server = await startServer({ location: place.location });
    await createOrganizationWith(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
    ]);
    [ada, rene] = [await signIn(server, 'ada'), await signIn(server, 'rene')];
    lastOpNo = new Map();
    await push(rene, [
      operation(
        rene,
        'create',
        'lead',
        'wil-lead',
        changesFor('lead', { name: CANARY, email: EMAIL.toUpperCase(), ownerId: 'rene' }),
      ),
      operation(
        rene,
        'create',
        'contact',
        'wil',
        changesFor('contact', { name: CANARY, email: EMAIL, description: `${CANARY} likes tea`, ownerId: 'rene' }),
      ),
      operation(
        rene,
        'create',
        'activity',
        'wil-call',
        changesFor('activity', {
          activityType: 'call',
          subject: `Call with ${CANARY}`,
          occurredAt: '2026-11-01T10:00:00.000Z',
          contactId: 'wil',
          ownerId: 'rene',
        }),
      ),
      operation(
        rene,
        'create',
        'task',
        'wil-task',
        changesFor('task', {
          subject: `Send tea to ${CANARY}`,
          contactId: 'wil',
          status: 'open',
          priority: 'medium',
          visibility: 'assigned',
          ownerId: 'rene',
        }),
      ),
      operation(rene, 'create', 'account', 'acme', changesFor('account', { name: 'Acme', ownerId: 'rene' })),
      operation(
        rene,
        'create',
        'contact',
        'other',
        changesFor('contact', { name: 'Somebody else', email: 'else@example.org', ownerId: 'rene' }),
      ),
      operation(
        rene,
        'create',
        'activity',
        'meeting',
        changesFor('activity', {
          activityType: 'meeting',
          subject: 'All of them',
          occurredAt: '2026-11-02T10:00:00.000Z',
          contactId: 'other',
          participantIds: ['wil', 'other'],
          ownerId: 'rene',
        }),
      ),
    ]);
    // A value that lost is kept as a conflict.
    await push(ada, [operation(ada, 'patch', 'contact', 'wil', [change('jobTitle', null, `Head of ${CANARY}`)])]);
    await push(rene, [operation(rene, 'patch', 'contact', 'wil', [change('jobTitle', null, `Boss of ${CANARY}`)])]);
  });
  afterEach(async () => {
    await server.remove();
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function operation(
    grant: SessionGrant,
    kind: Operation['kind'],
    entity: EntityName,
    recordId: string,
    changes: readonly Change[] = [],
  ): Operation {
    const opNo = (lastOpNo.get(grant.sessionId) ?? 0) + 1;
    lastOpNo.set(grant.sessionId, opNo);
    return {
      opId: `${grant.sessionId}-${String(opNo)}`,
      opNo,
      txn: null,
      kind,
      entity,
      recordId,
      command: 'updateRecord',
      baseRev: 0,
      changes: [...changes],
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
  }

  async function push(grant: SessionGrant, ops: readonly Operation[]): Promise<readonly Verdict[]> {
    const body = { protocol: 1, epoch: grant.actor.epoch, ops };
    const answer = await call(server, '/sync/v1/push', { token: grant.accessToken, body });
    if (answer.status !== 200) throw new Error(answer.text);
    return (answer.body as { readonly verdicts: readonly Verdict[] }).verdicts;
  }
  async function pull(grant: SessionGrant, token: string | null): Promise<PullResponse> {
    const answer = await call(server, '/sync/v1/pull', { token: grant.accessToken, body: { protocol: 1, token } });
    return answer.body as PullResponse;
  }
  const ask = (grant: SessionGrant, what: 'export' | 'erase', id = 'wil') =>
    call(server, `/api/v1/privacy/${what}`, { token: grant.accessToken, body: { entity: 'contact', id } });

  async function run(...args: readonly string[]): Promise<string> {
    const where =
      'dataDir' in place.location ? ['--data', place.location.dataDir] : ['--database-url', place.location.databaseUrl];
    const program = spawnServer([...args, ...where]);
    const code = await program.ended();
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}: ${program.output.stderr}`);
    return program.output.stdout;
  }

  /** Tables in which a text stands in any column of any row. */
  async function tablesWith(text: string): Promise<readonly string[]> {
    return server.database.asOwner(async (session) => {
      const found: string[] = [];
      for (const { name } of await readTables(session)) {
        const rows = await session.query<{ count: number }>(
          `SELECT count(*) AS count FROM "${name}" AS t WHERE position($1 IN lower(row_to_json(t)::text)) > 0`,
          [text.toLowerCase()],
        );
        if ((rows[0]?.count ?? 0) > 0) found.push(name);
      }
      return found;
    });
  }
  async function expectNoTrace(): Promise<void> {
    expect(await tablesWith(CANARY)).toEqual([]);
    expect(await tablesWith(EMAIL)).toEqual([]);
  }
  const placesOf = (items: readonly PullItem[], kind: PullItem['t']): readonly string[] =>
    items.flatMap((item) => (item.t === kind && item.t !== 'put' ? [`${item.coll}/${item.id}`] : [])).toSorted();
  const codesOf = (verdicts: readonly Verdict[]): readonly string[] =>
    verdicts.map((verdict) => (verdict.status === 'rejected' ? verdict.code : verdict.status));

  it('AUD-15 an administrator exports everything about a person, and nobody else does', async () => {
    expect(codeOf(await ask(rene, 'export'))).toBe('action_forbidden');
    const answer = await ask(ada, 'export');
    expect(answer.status).toBe(200);
    const found = answer.body as PersonExport;
    expect(found.persons.map(({ id }) => id).toSorted()).toEqual(['wil', 'wil-lead']);
    const kept: readonly unknown[] = ['conflict', 'fieldChange'];
    const ids = found.records.filter((record) => !kept.includes(record['kind'])).map((record) => String(record['id']));
    expect(found.records.filter((record) => record['kind'] === 'fieldChange')).toHaveLength(2);
    expect(ids.toSorted()).toEqual(['meeting', 'wil', 'wil-call', 'wil-lead', 'wil-task']);
    expect(found.records.some((record) => record['kind'] === 'conflict')).toBe(true);
    expect(found.history.filter(({ id }) => id === 'wil').map(({ by }) => by)).toEqual(['rene', 'ada', 'rene']);
    expect(found.audit.length).toBeGreaterThan(4);
    const printed = JSON.parse(await run('admin', 'export-person', '--email', EMAIL)) as PersonExport;
    expect(printed.records).toHaveLength(found.records.length);
  });

  it('C10 IMP-08 what imports keep of an erased person goes, what they keep of others can still be taken back', async () => {
    const value = (id: string) =>
      ({ entity: 'contact', id, field: 'jobTitle', before: `Was ${id}`, entered: 'Boss' }) as const;
    const [mixed, alone] = [
      await packFormerValues([value('wil'), value('other')]),
      await packFormerValues([value('wil')]),
    ];
    const job = { fileName: 'people.csv', entity: 'contact', state: 'done', ownerId: 'rene' };
    const part = (values: object | undefined) =>
      changesFor('importPart', { importId: 'job', ownerId: 'rene', ...values });
    const verdicts = await push(rene, [
      operation(rene, 'create', 'importJob', 'job', changesFor('importJob', job)),
      operation(rene, 'create', 'importPart', 'mixed', part(mixed[0])),
      operation(rene, 'create', 'importPart', 'alone', part(alone[0])),
    ]);
    expect(codesOf(verdicts)).toEqual(['applied', 'applied', 'applied']);
    const before = await pull(rene, null);
    expect((await ask(ada, 'erase')).status).toBe(200);
    const page = await pull(rene, before.token);
    expect(placesOf(page.items, 'del')).toContain('reports/alone');
    const kept = page.items.flatMap((item) => (item.t === 'put' && item.record['id'] === 'mixed' ? [item.record] : []));
    expect(kept[0]?.['recordIds']).toEqual(['other']);
    expect(await unpackFormerValues(String(kept[0]?.['formerValues']))).toEqual([value('other')]);
  });

  it('C10 SYNC-52 an erased person is gone everywhere, every device hears of it, and nobody brings them back', async () => {
    const before = await pull(rene, null);
    expect(codeOf(await ask(rene, 'erase'))).toBe('action_forbidden');
    expect(await tablesWith(CANARY)).toContain('record');
    const done = await ask(ada, 'erase');
    // With the value that lost, and two entries of what was changed.
    expect(done.body).toEqual({ erased: 7, unlinked: 1 });
    await expectNoTrace();

    const page = await pull(rene, before.token);
    const gone = placesOf(page.items, 'del').filter((name) => !/^inbox\/|\/f\./.test(name));
    expect(gone).toEqual(['activities/wil-call', 'contacts/wil', 'leads/wil-lead', 'tasks/wil-task']);
    expect(placesOf(page.items, 'del')).toHaveLength(7);
    const meeting = page.items.find((item) => item.t === 'put' && item.record['id'] === 'meeting');
    expect(meeting).toMatchObject({ record: { participantIds: ['other'], contactId: 'other' } });

    const verdicts = await push(rene, [
      operation(rene, 'patch', 'contact', 'wil', [change('phone', null, '+49 30 1')]),
      operation(rene, 'restore', 'contact', 'wil'),
      operation(rene, 'create', 'contact', 'wil', changesFor('contact', { name: CANARY, ownerId: 'rene' })),
      operation(
        rene,
        'create',
        'activity',
        'wil-call',
        changesFor('activity', {
          activityType: 'call',
          subject: CANARY,
          occurredAt: '2026-11-01T10:00:00.000Z',
          ownerId: 'rene',
        }),
      ),
      operation(
        rene,
        'create',
        'contact',
        'from-a-file',
        changesFor('contact', { name: CANARY, email: EMAIL.toUpperCase(), ownerId: 'rene' }),
      ),
      operation(rene, 'patch', 'account', 'acme', [change('email', null, EMAIL)]),
      operation(
        rene,
        'create',
        'contact',
        'third',
        changesFor('contact', { name: 'Third', email: 'third@example.org', ownerId: 'rene' }),
      ),
    ]);
    expect(codesOf(verdicts)).toEqual(['deleted', 'deleted', 'deleted', 'deleted', 'invalid', 'invalid', 'applied']);
    expect(verdicts[4]).toMatchObject({ problems: [{ field: 'email', code: 'erased' }] });
    await expectNoTrace();
  });

  it('C10 what was said about an erased person goes, and so does every mail of theirs, whoever else it was sent to', async () => {
    const links = { ownerId: 'rene', visibility: 'team' };
    const mail = (id: string, values: object) => [
      operation(
        rene,
        'create',
        'mailMessage',
        id,
        changesFor('mailMessage', {
          ...links,
          fromName: 'Somebody else',
          fromAddress: 'else@example.org',
          direction: 'inbound',
          sentAt: '2026-11-20T10:00:00.000Z',
          threadKey: 't',
          mailKey: `k-${id}`,
          ...values,
        }),
      ),
      operation(
        rene,
        'create',
        'mailContent',
        `${id}-text`,
        changesFor('mailContent', {
          ...links,
          subject: `About ${CANARY}`,
          excerpt: CANARY,
          messageId: id,
          contactId: 'other',
        }),
      ),
    ];
    const comment = (id: string, values: object) =>
      operation(rene, 'create', 'comment', id, changesFor('comment', { body: CANARY, ownerId: 'rene', ...values }));
    const verdicts = await push(rene, [
      comment('about-her', { contactId: 'wil' }),
      comment('about-her-task', { taskId: 'wil-task' }),
      operation(
        rene,
        'create',
        'timeEntry',
        'her-time',
        changesFor('timeEntry', {
          taskId: 'wil-task',
          ownerId: 'rene',
          startedAt: '2026-11-20T10:00:00.000Z',
          endedAt: '2026-11-20T11:00:00.000Z',
          minutes: 60,
          note: CANARY,
        }),
      ),
      ...mail('to-both', {
        contactId: 'other',
        contactIds: ['other', 'wil'],
        recipients: [{ name: CANARY, address: EMAIL }],
      }),
      // Kept with the company before she was a contact.
      ...mail('by-address', { contactId: null, accountId: 'acme', fromName: CANARY, fromAddress: EMAIL.toUpperCase() }),
    ]);
    expect(codesOf(verdicts)).toEqual(verdicts.map(() => 'applied'));
    const before = await pull(rene, null);
    expect((await ask(ada, 'erase')).status).toBe(200);
    await expectNoTrace();
    const gone = placesOf((await pull(rene, before.token)).items, 'del');
    expect(gone).toEqual(
      expect.arrayContaining([
        'messages/about-her',
        'messages/to-both',
        'messages/to-both-text',
        'messages/by-address',
      ]),
    );
    // Nor is a mail kept anew that lies in a colleague's mailbox, by whomever and in whatever letters.
    const anew = [
      { fromAddress: EMAIL.toUpperCase() },
      {
        recipients: [
          { name: '', address: 'else@example.org' },
          { name: CANARY, address: EMAIL },
        ],
      },
    ];
    for (const [index, values] of anew.entries()) {
      const [message, content] = await push(
        rene,
        mail(`anew-${String(index)}`, { contactId: 'other', accountId: 'acme', ...values }),
      );
      expect(message).toMatchObject({ status: 'rejected', problems: [{ code: 'erased' }] });
      expect(content?.status).not.toBe('applied');
    }
    const [others] = await push(rene, mail('of-others', { contactId: 'other' }).slice(0, 1));
    expect(others?.status).toBe('applied');
    await expectNoTrace();
  });

  it('C10 SYNC-52 a backup from before the erasure does not bring the person back', async () => {
    const backup = [join(folder, 'backup'), '--key-file', join(folder, 'key')];
    await run('backup', ...backup);
    await run('admin', 'erase-person', '--id', 'wil', '--yes');
    await expectNoTrace();
    const restored = JSON.parse(await run('restore', ...backup, '--replace')) as { readonly erasedAgain: number };
    expect(restored.erasedAgain).toBeGreaterThan(0);
    await expectNoTrace();
    const kinds = (await pull(rene, null)).items.flatMap((item) =>
      item.t === 'put' ? [String(item.record['id'])] : [],
    );
    expect(kinds).toEqual(expect.arrayContaining(['meeting', 'other', 'acme']));
    expect(kinds).not.toContain('wil');
    const [verdict] = await push(rene, [
      operation(
        rene,
        'create',
        'contact',
        'from-a-file',
        changesFor('contact', { name: CANARY, email: EMAIL, ownerId: 'rene' }),
      ),
    ]);
    expect(verdict).toMatchObject({ status: 'rejected', problems: [{ code: 'erased' }] });
  });

  it('C10 a user is erased only after leaving, and then cannot sign in or be found', async () => {
    const wish = { entity: 'user', id: 'rene' };
    const first = await call(server, '/api/v1/privacy/erase', { token: ada.accessToken, body: wish });
    expect(codeOf(first)).toBe('invalid');
    await push(ada, [operation(ada, 'patch', 'user', 'rene', [change('isActive', true, false)])]);
    const second = await call(server, '/api/v1/privacy/erase', { token: ada.accessToken, body: wish });
    expect(second.status).toBe(200);
    await expect(signIn(server, 'rene')).rejects.toThrow('wrong_credentials');
    expect(await tablesWith('Person rene')).toEqual([]);
    expect(await tablesWith('rene@')).toEqual([]);
  });
});
