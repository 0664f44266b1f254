// What a role does not see of a field it cannot ask for either: two organizations that differ only in hidden and masked
// values give the same answers, byte for byte, and a question that names such a field is refused like one about a field
// that nobody defined. Asked through the real data host, as the windows do.
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { describe, expect, it } from 'vitest';
import { createDataService, type DataService } from '#renderer/data/data-service.ts';
import type { LiveName, RequestName } from '#renderer/data/data-contract.ts';
import type { HostPosition } from '#shared/ipc/host-request.ts';
import type { Actor } from '#shared/access/actor.ts';
import { builtInRoles } from '#shared/access/roles.ts';
import { compileFieldPolicy } from '#shared/access/compile-field-policy.ts';
import type { FieldMode } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import type { Filter, FilterOperator } from '#shared/query/filter.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';

const AT = '2026-11-01T00:00:00.000Z';
const clock = { now: () => Date.parse('2026-11-21T12:00:00Z') };
/** Not hidden from administrators, who look at the application as this role. */
const viewAs = { role: 'sales_rep', userId: 'rep' };
const rules: Readonly<Record<string, FieldMode>> = {
  'account.annualRevenue': 'hidden',
  'account.phone': 'hidden',
  'account.email': 'mask',
  'account.tags': 'hidden',
  'deal.amount': 'mask',
  'deal.closeDate': 'hidden',
  'deal.probability': 'hidden',
};
const unseen = Object.keys(rules).map((name) => name.split('.') as ['account' | 'deal', string]);

type Values = Readonly<Record<string, unknown>>;
const record = (kind: string, id: string, values: Values): Values => {
  const stamps = { createdAt: AT, createdBy: 'admin', updatedAt: AT, updatedBy: 'admin' };
  return { id, kind, rev: 1, ownerId: 'rep', teamId: null, ...stamps, ...values };
};

/** `secret`: what the worlds differ in; it turns every order around and moves every sum. */
function recordsOf(secret: 'one' | 'two'): readonly Values[] {
  const draw = <Value>(one: Value, two: Value): Value => (secret === 'one' ? one : two);
  const accounts = [1, 2, 3, 4].map((at) =>
    record('account', `a${at}`, {
      name: `Firm ${at}`,
      annualRevenue: draw(at * 1000, 9000 - at * 1000),
      currency: 'EUR',
      phone: draw(`+49 30 ${at}`, at === 2 ? null : `+41 44 ${9 - at}`),
      email: draw(`anton${at}@one.example`, `zoe${9 - at}@two.example`),
      tags: draw(['gold'], at > 2 ? ['gold', 'lead'] : []),
    }),
  );
  const deals = [1, 2, 3, 4].map((at) =>
    record('deal', `d${at}`, {
      name: `Deal ${at}`,
      accountId: `a${at}`,
      pipelineId: 'p',
      stageId: defaultStages[at % 2]?.id,
      status: 'open',
      currency: 'EUR',
      amount: draw(at * 100, 900 - at * 100),
      probability: draw(at * 10, 90 - at * 10),
      closeDate: draw(`2026-12-0${at}`, at === 3 ? '2025-01-01' : `2027-01-0${9 - at}`),
    }),
  );
  const governed = Object.entries(rules).map(([name, mode], at) => {
    const [entity, field] = name.split('.');
    return record('fieldRule', `rule${at}`, { role: 'sales_rep', entity, field, mode });
  });
  return [
    record('user', 'admin', { name: 'Ada', email: 'ada@example.test', role: 'org_admin', isActive: true }),
    record('user', 'rep', { name: 'Rene', email: 'rene@example.test', role: 'sales_rep', isActive: true }),
    record('pipeline', 'p', { name: 'Sales', stages: defaultStages, isDefault: true, staleAfterDays: 5 }),
    ...governed,
    ...accounts,
    ...deals,
  ];
}

const actorOf = (userId: string, role: 'org_admin' | 'sales_rep', more: Partial<Actor> = {}): Actor => ({
  tenantId: 't',
  userId,
  name: userId,
  email: `${userId}@example.test`,
  role,
  teamIds: [],
  permissions: builtInRoles[role].permissions,
  epoch: 1,
  ...more,
});

async function openHost(profileId: string, actor: Actor, records: readonly Values[]): Promise<DataService> {
  const createId = createIdFactory(clock, createSeededRandom(7));
  const service = createDataService({
    openStorage: () => Promise.resolve(getRxStorageMemory()),
    journal: { append: () => Promise.reject(new Error('nothing is written here')), pending: () => Promise.resolve([]) },
    keepImport: () => Promise.reject(new Error('nothing is imported here')),
    clock,
    createId,
    sinceStartMs: () => 1,
    today: () => '2026-11-21',
    zone: createTimeZone('UTC'),
    after: (_delayMs, task) => void setImmediate(task),
  });
  await service.handle({ kind: 'openProfile', profileId, actor });
  const items = records.map((values) => {
    const coll = entities[values['kind'] as keyof typeof entities].collection;
    return { t: 'put' as const, coll, record: { ...values } };
  });
  const { token } = (await service.handle({ kind: 'readPosition' })) as HostPosition;
  await service.handle({
    kind: 'applyPage',
    after: token,
    items,
    token: 't',
    caughtUp: true,
    snapshotStart: true,
    epoch: 1,
  });
  return service;
}

/** The first answer, or the refusal, as text. */
function ask(service: DataService, name: LiveName, query: unknown): Promise<string> {
  return new Promise((resolve) => {
    const stop = service.watch(
      name,
      query,
      (answer) => {
        resolve(JSON.stringify(answer));
        setImmediate(() => stop());
      },
      viewAs,
    );
  });
}
const request = (service: DataService, name: RequestName, input: unknown): Promise<string> =>
  service.request(name, input, viewAs).then(
    (value) => JSON.stringify(value, (key, part: unknown) => (key === 'tookMs' ? 0 : part)),
    (error: unknown) => JSON.stringify(toErrorData(error)),
  );

const byName = [{ field: 'name', direction: 'asc' }] as const;
const page = { offset: 0, limit: 50 } as const;
const board = { pipelineId: 'p', swimlane: 'none', closedWithinDays: 90, ranges: {} } as const;

const operators: Readonly<Record<FilterOperator, true>> = {
  eq: true,
  ne: true,
  lt: true,
  lte: true,
  gt: true,
  gte: true,
  in: true,
  notIn: true,
  contains: true,
  startsWith: true,
  isEmpty: true,
  isNotEmpty: true,
  withinDays: true,
  olderThanDays: true,
  inPeriod: true,
};

/** Every way to name a field in a question. */
function questionsAbout(entity: 'account' | 'deal', field: string): readonly (readonly [LiveName, unknown])[] {
  const wanted = [1000, '+49 30 1', 'anton1@one.example', '2026-12-01', 'gold', null, ['gold', 1000], 'thisQuarter'];
  const leaves = (Object.keys(operators) as FilterOperator[]).flatMap((op) =>
    wanted.map((value): Filter => ({ field, op, value })),
  );
  const visible: Filter = { field: 'name', op: 'isNotEmpty' };
  const filters: readonly Filter[] = leaves.flatMap((leaf) => [
    leaf,
    { or: [visible, { not: { and: [leaf, visible] } }] },
  ]);
  return [
    ...filters.map((filter) => ['list', { entity, filter, sort: byName, ...page }] as const),
    ...filters.map((filter) => ['aggregate', { entity, filter, groupBy: null, sums: [] }] as const),
    ...(entity === 'deal' ? filters.map((filter) => ['board', { ...board, filter }] as const) : []),
    ...(['asc', 'desc'] as const).map(
      (direction) => ['list', { entity, sort: [...byName, { field, direction }], ...page }] as const,
    ),
    ['aggregate', { entity, groupBy: field, sums: [] }],
    ['aggregate', { entity, groupBy: null, sums: [field] }],
  ];
}

/** Every way to come near the values without naming the field. */
const sideways: readonly (readonly [LiveName, unknown])[] = [
  ...['', '49', '30 1', 'anton1', 'one.example', 'gold', 'zoe', 'firm'].flatMap((search) => [
    ['list', { entity: 'account', search, sort: byName, ...page }] as const,
    ['board', { ...board, search }] as const,
  ]),
  ['list', { entity: 'deal', sort: [{ field: 'accountId', direction: 'asc' }], ...page }],
  ['list', { entity: 'deal', sort: byName, offset: 1, limit: 2 }],
  ['board', { ...board, onlyStale: true }],
  ['board', { ...board, swimlane: 'owner' }],
  ['aggregate', { entity: 'deal', groupBy: 'stageId', sums: [] }],
  ['record', { entity: 'account', id: 'a1' }],
  ['record', { entity: 'deal', id: 'd1' }],
  [
    'timeline',
    {
      entity: 'account',
      id: 'a1',
      kinds: [],
      personId: null,
      text: '',
      textFields: [],
      withHidden: true,
      offset: 0,
      limit: 50,
    },
  ],
  ['changedSince', { since: '2026-01-01T00:00:00.000Z', limit: 50 }],
  ...[1000, 8000, null].map(
    (annualRevenue) => ['standing', { entity: 'account', ids: ['a1', 'a2'], left: { annualRevenue } }] as const,
  ),
];

/** What the data host of one of the worlds answers; only one is open at a time. */
async function inWorld<Value>(secret: 'one' | 'two', work: (host: DataService) => Promise<Value>): Promise<Value> {
  const host = await openHost(secret, actorOf('admin', 'org_admin'), recordsOf(secret));
  const answers = await work(host);
  await host.handle({ kind: 'closeProfile' });
  return answers;
}

/** Answers to everything that comes near the values, and beside them one that an administrator gets. */
async function answerSideways(host: DataService): Promise<{ seen: readonly string[]; whole: unknown }> {
  const seen: string[] = [];
  for (const [name, query] of sideways) seen.push(await ask(host, name, query));
  for (const text of ['anton1', '+49 30 1', 'gold', 'zoe8', 'firm', 'anto', '2026-12-01'])
    seen.push(await request(host, 'search', { text, limit: 20 }));
  const whole = await new Promise((resolve) => {
    host.watch('aggregate', { entity: 'deal', groupBy: null, sums: ['weighted'] }, resolve);
  });
  return { seen, whole };
}

describe('fields that a role does not see', () => {
  it('A4 a question that names one is refused like one about a field nobody defined, in every place and by every operator', async () => {
    await inWorld('one', async (host) => {
      for (const [entity, field] of unseen) {
        const unknown = questionsAbout(entity, 'nobodyDefinedThis');
        for (const [index, [name, query]] of questionsAbout(entity, field).entries()) {
          const answer = await ask(host, name, query);
          expect(answer, JSON.stringify(query)).toBe(await ask(host, ...(unknown[index] ?? [name, query])));
          expect(answer).toContain('"code":"invalid"');
        }
        const list = { entity, filter: { field, op: 'isNotEmpty' }, sort: byName };
        const ids = await request(host, 'listIds', list);
        expect(ids).toContain('"code":"invalid"');
        expect(ids).toBe(
          await request(host, 'listIds', { ...list, filter: { field: 'nobodyDefinedThis', op: 'isNotEmpty' } }),
        );
      }
      const weighted = { entity: 'deal', groupBy: null, sums: ['weighted'] };
      expect(await ask(host, 'aggregate', weighted)).toContain('"code":"invalid"');
    });
  });

  it('A4 no order, count, sum, page, search, board or guess differs between two worlds that differ in them alone', async () => {
    const one = await inWorld('one', answerSideways);
    const two = await inWorld('two', answerSideways);
    expect(one.seen).toEqual(two.seen);
    expect(one.seen.length).toBeGreaterThan(30);
    for (const answer of one.seen) {
      expect(answer).not.toContain('"ok":false');
      expect(answer).not.toMatch(/anton|zoe|\+49|\+41|gold|2026-12|2027-01/);
    }
    expect(one.seen.some((answer) => answer.startsWith('{"hits"') && answer.includes('Firm 1'))).toBe(true);
    // So that the above means something: for an administrator the worlds are different ones.
    expect(one.whole).not.toEqual(two.whole);
  });

  it('A4 an import matches nothing by them and enters nothing into them, like into a field nobody defined', async () => {
    const policy = compileFieldPolicy({
      role: 'sales_rep',
      rules: Object.entries(rules).map(([name, mode]) => {
        const [entity = '', field = ''] = name.split('.');
        return { role: 'sales_rep', entity, field, mode };
      }),
      pii: [],
    });
    const held = recordsOf('one')
      .filter(({ kind }) => kind === 'account')
      .map(({ annualRevenue: _revenue, phone: _phone, tags: _tags, ...rest }) => ({
        ...rest,
        email: { $masked: '•••' },
      }));
    const rep = await openHost('rep', actorOf('rep', 'sales_rep', { fields: policy }), held);
    const preview = async (field: string, cell: string): Promise<Record<string, unknown>> => {
      const columns = [
        { header: 'Name', field: 'name' },
        { header: 'X', field },
      ];
      const plan = { entity: 'account', columns, currency: 'EUR', matchBy: [field], onMatch: 'update' };
      const text = `Name;X\nNew firm;${cell}\nOther firm;more`;
      return (await rep.request('previewImport', { name: 'x.csv', text, plan })) as Record<string, unknown>;
    };
    const guess = await preview('email', 'anton1@one.example');
    const miss = await preview('email', 'nobody@one.example');
    const counts = ({ create, update, skip, failed }: Record<string, unknown>) => [create, update, skip, failed];
    expect(counts(guess)).toEqual(counts(miss));
    const hidden = await preview('phone', '+49 30 1');
    const unknown = await preview('telephone', '+49 30 1');
    expect(counts(hidden)).toEqual(counts(unknown));
    expect(JSON.stringify(hidden['errors']).replaceAll('phone', 'x')).toBe(
      JSON.stringify(unknown['errors']).replaceAll('telephone', 'x'),
    );
    await rep.handle({ kind: 'closeProfile' });
  });
});
