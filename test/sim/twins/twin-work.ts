// What people do in twin worlds. Common work is the same in both; hidden work stays where the spectator never looks (the
// records of team west, and fields of common records that rules hide), and is another one in each world.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import { changesFor, seededRecord } from '#test/support/sync-world.ts';

export const SPECTATOR = 'rene';

/** An operation without what its device adds. */
export type Wish = Pick<Operation, 'kind' | 'entity' | 'recordId' | 'baseRev' | 'changes'>;

/** Who does it, and what. */
export interface Work {
  readonly userId: string;
  readonly wish: Wish;
}

const kinds = ['account', 'contact', 'task'] as const;
const MOST_COMMON = 2;
const MOST_HIDDEN = 9;
const words = ['one', 'two', 'three', 'four'];
export const hiddenFields = { account: 'description', contact: 'department' } as const;

export function foundingRecords(): readonly AnyRecord[] {
  const teams = [
    seededRecord('team', 'north', { name: 'North' }),
    seededRecord('team', 'south', { name: 'South', parentId: 'north' }),
    seededRecord('team', 'west', { name: 'West' }),
  ];
  const people = [
    ['ada', 'org_admin', null],
    ['max', 'manager', 'north'],
    [SPECTATOR, 'sales_rep', 'north'],
    ['olga', 'sales_rep', 'south'],
    ['wanda', 'manager', 'west'],
    ['sven', 'sales_rep', 'west'],
  ] as const;
  const users = people.map(([id, role, teamId]) =>
    seededRecord('user', id, { name: id, email: `${id}@example.com`, role, teamId, isActive: true }),
  );
  const rules = ['sales_rep', 'manager'].flatMap((role) =>
    Object.entries(hiddenFields).map(([entity, field]) =>
      seededRecord('fieldRule', `${role}-${entity}-${field}`, { role, entity, field, mode: 'hidden' }),
    ),
  );
  return [...teams, ...users, ...rules];
}

const titleOf = (entity: EntityName): string => (entity === 'task' ? 'subject' : 'name');
const commonId = (random: SeededRandom, entity: EntityName): string =>
  `${entity}-${String(random.integer(1, MOST_COMMON))}`;
export const hiddenId = (random: SeededRandom): string => `west-${String(random.integer(1, MOST_HIDDEN))}`;

function patch(entity: EntityName, recordId: string, changes: readonly Change[], baseRev = 0): Wish {
  return { kind: 'patch', entity, recordId, baseRev, changes: [...changes] };
}

function setText(group: string, base: unknown, to: string): Change {
  return { group, base: { [group]: base ?? null }, to: { [group]: to } };
}

function give(ownerId: string, teamId: string, known?: AnyRecord): Change {
  const base = known === undefined ? {} : { ownerId: known.ownerId, teamId: known.teamId };
  return { group: 'owner', base, to: { ownerId, teamId } };
}

function create(entity: EntityName, recordId: string, values: Readonly<Record<string, unknown>>): Wish {
  const extra = entity === 'task' ? { visibility: 'assigned' } : {};
  return { kind: 'create', entity, recordId, baseRev: 0, changes: [...changesFor(entity, { ...values, ...extra })] };
}

/** Ordinary work on common records, by whoever does it: what is known gives honest bases. */
export function commonWish(random: SeededRandom, userId: string, known: ReadonlyMap<string, AnyRecord>): Wish {
  const entity = random.pick(kinds);
  const recordId = commonId(random, entity);
  const record = known.get(recordId);
  const title = titleOf(entity);
  const baseRev = record?.rev ?? (random.chance(0.5) ? 1_000_000 : 0);
  const draw = random.unit();
  if (draw < 0.3) {
    const parent = entity === 'account' || random.chance(0.5) ? {} : { accountId: commonId(random, 'account') };
    const values = { [title]: random.pick(words), ownerId: userId, teamId: random.pick(['north', 'south']), ...parent };
    return create(entity, recordId, values);
  }
  if (draw < 0.38) return { kind: 'delete', entity, recordId, baseRev, changes: [] };
  if (draw < 0.43) return { kind: 'restore', entity, recordId, baseRev, changes: [] };
  if (draw < 0.58)
    return patch(entity, recordId, [
      give(random.pick(['max', SPECTATOR, 'olga']), random.pick(['north', 'south']), record),
    ]);
  if (draw < 0.68 && entity !== 'task') {
    const share = random.pick([`view:user:${SPECTATOR}`, 'edit:team:south', 'view:role:sales_rep']);
    const base = { shares: record?.['shares'] ?? [] };
    return patch(entity, recordId, [
      random.chance(0.6)
        ? { group: 'shares', base, add: { shares: [share] } }
        : { group: 'shares', base, remove: { shares: [share] } },
    ]);
  }
  const base = random.chance(0.3) ? random.pick(words) : record?.[title];
  return patch(entity, recordId, [setText(title, base, random.pick(words))], baseRev);
}

/** The administrator changes what the spectator may see; team west stays out of it. */
export function rulingWish(random: SeededRandom, known: ReadonlyMap<string, AnyRecord>): Wish {
  const user = known.get(SPECTATOR);
  const [group, to] = random.pick([
    ['role', 'manager'],
    ['role', 'sales_rep'],
    ['isActive', false],
    ['isActive', true],
    ['isActive', true],
  ] as const);
  if (random.chance(0.3)) return patch('user', SPECTATOR, [give(SPECTATOR, random.pick(['north', 'south']), user)]);
  return patch('user', SPECTATOR, [{ group, base: { [group]: user?.[group] ?? null }, to: { [group]: to } }]);
}

/** The spectator tries what only ids and guesses can tell. */
export function guessingWish(random: SeededRandom, known: ReadonlyMap<string, AnyRecord>): Wish {
  const entity = random.pick(kinds);
  const draw = random.unit();
  const baseRev = random.pick([0, 1_000_000]);
  if (draw < 0.2) return { kind: 'delete', entity, recordId: hiddenId(random), baseRev, changes: [] };
  if (draw < 0.4) return { kind: 'restore', entity, recordId: hiddenId(random), baseRev, changes: [] };
  if (draw < 0.6)
    return patch(entity, hiddenId(random), [setText(titleOf(entity), random.pick(words), random.pick(words))]);
  if (draw < 0.8) {
    // A reference to what is out of sight.
    const contact = commonId(random, 'contact');
    const base = { accountId: known.get(contact)?.['accountId'] ?? null };
    return patch('contact', contact, [{ group: 'accountId', base, to: { accountId: hiddenId(random) } }]);
  }
  const [name, field] = random.pick([
    ['account', hiddenFields.account] as const,
    ['contact', hiddenFields.contact] as const,
  ]);
  return patch(name, commonId(random, name), [setText(field, random.pick([null, ...words]), random.pick(words))]);
}

/** What stands in the hidden corner, for whoever works there. */
export interface Corner {
  readonly west: ReadonlyMap<string, { readonly record: AnyRecord; readonly isDeleted: boolean }>;
  /** Living common records with a hidden field. */
  readonly common: readonly AnyRecord[];
}

export const hiddenIds = Array.from({ length: MOST_HIDDEN }, (_, index) => `west-${String(index + 1)}`);
export const commonIds = ['account', 'contact'].flatMap((entity) =>
  Array.from({ length: MOST_COMMON }, (_, index) => ({ entity, id: `${entity}-${String(index + 1)}` }) as const),
);

/** Work that always succeeds and is always a change, so that it takes exactly one number of the order. */
export function hiddenWork(random: SeededRandom, { west, common }: Corner, value: string): Work {
  if (common.length > 0 && random.chance(0.35)) {
    const record = random.pick(common);
    const entity = record.kind === 'account' ? 'account' : 'contact';
    const field = hiddenFields[entity];
    return {
      userId: 'ada',
      wish: patch(entity, record.id, [setText(field, random.pick([record[field] ?? null, 'guess']), value)]),
    };
  }
  const living = [...west.values()].filter(({ isDeleted }) => !isDeleted).map(({ record }) => record);
  const free = hiddenIds.filter((id) => !west.has(id));
  if (living.length === 0 && free.length === 0) {
    const { record } = random.pick([...west.values()]);
    const entity = record.kind;
    return { userId: 'ada', wish: { kind: 'restore', entity, recordId: record.id, baseRev: 0, changes: [] } };
  }
  if (living.length === 0 || (free.length > 0 && random.chance(0.3)))
    return { userId: 'wanda', wish: makeHidden(random, free, living, value) };
  const record = random.pick(living);
  const entity = record.kind;
  const title = titleOf(entity);
  const draw = random.unit();
  const userId = random.pick(['wanda', 'ada']);
  if (draw < 0.1 && living.length > 2)
    return { userId, wish: { kind: 'delete', entity, recordId: record.id, baseRev: 1_000_000, changes: [] } };
  if (draw < 0.3) {
    const owner = record.ownerId === 'sven' ? 'wanda' : 'sven';
    return { userId, wish: patch(entity, record.id, [give(owner, 'west', record)]) };
  }
  // With a wrong base somebody's value is lost, and a conflict is kept.
  return {
    userId,
    wish: patch(entity, record.id, [setText(title, random.pick([record[title] ?? null, 'guess']), value)]),
  };
}

function makeHidden(random: SeededRandom, free: readonly string[], living: readonly AnyRecord[], value: string): Wish {
  const entity = random.pick(kinds);
  const account = living.find(({ kind }) => kind === 'account');
  const parent = entity === 'account' || account === undefined ? {} : { accountId: account.id };
  const values = { [titleOf(entity)]: value, ownerId: 'sven', teamId: 'west', ...parent };
  return create(entity, random.pick(free), values);
}
