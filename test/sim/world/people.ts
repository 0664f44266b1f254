// What people do on their devices: every typed value is unique and names its organization, so that losing it, doubling it or
// showing it to somebody else is seen at once. Everything goes through the product's commands, as the screens do it.
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { mayReassign } from '#shared/access/can.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { SCHEMA_VERSION, type OperationDraft } from '#shared/sync/operation.ts';
import type { Device } from '#test/sim/client/device-contract.ts';
import { PowerLoss } from '#test/sim/client/journal-file.ts';
import type { Step, StepKind } from '#test/sim/world/script.ts';

export interface PeopleDeps {
  /** A value nobody else ever typed. */
  readonly mint: (tenantId: string) => string;
  readonly createId: () => string;
  /** Ids of records anywhere, for people who try what they may not. */
  readonly anyId: (pick: number, coll?: string) => string;
  /** Something no command should ever throw. */
  readonly onStrange: (error: unknown) => void;
}

interface Doing {
  readonly device: Device;
  readonly step: Step;
  readonly source: RecordSource;
  readonly value: string;
  readonly deps: PeopleDeps;
}

interface Command {
  readonly name: string;
  readonly input: unknown;
}

const business: readonly EntityName[] = ['account', 'contact', 'task'];

function choose<Item>(items: readonly Item[], pick: number): Item | undefined {
  return items.length === 0 ? undefined : items[pick % items.length];
}

function recordsOf(source: RecordSource, entity: EntityName): readonly LocalRecord[] {
  return [...source.all(entity).values()];
}

function chooseEntity(more: number): EntityName {
  return business[more % business.length] ?? 'account';
}

/** Few records are touched often: that is where people meet. */
function chooseRecord({ source, step }: Doing, entity: EntityName): LocalRecord | undefined {
  const records = recordsOf(source, entity).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const near = records.slice(0, 1 + (step.more % 4));
  return choose(step.pick % 3 === 0 ? records : near, step.pick >>> 2);
}

function update(entity: EntityName, record: LocalRecord | undefined, values: Record<string, unknown>): Command | null {
  return record === undefined ? null : { name: 'updateRecord', input: { entity, id: record.id, values } };
}

function create(doing: Doing): Command {
  const { step, source, value, deps } = doing;
  const entity = chooseEntity(step.more);
  const account = choose(recordsOf(source, 'account'), step.pick);
  const values: Readonly<Record<string, Record<string, unknown>>> = {
    account: { name: value, billingCity: value, tags: [value] },
    contact: { name: value, jobTitle: value, ...(account === undefined ? {} : { accountId: account.id }) },
    task: { subject: value, spentMinutes: 0, ...(account === undefined ? {} : { accountId: account.id }) },
  };
  const input = { entity, values: values[entity] ?? {}, id: deps.createId() };
  return { name: 'createRecord', input };
}

const dayOf = (number: number): string =>
  new Date(Date.UTC(2026, 0, 1) + (number % 3_000) * 86_400_000).toISOString().slice(0, 10);

/** Few grantees, so that what was shared is taken back as well. */
function shareWith(doing: Doing, name: 'shareRecord' | 'unshareRecord'): Command | null {
  const { step, source } = doing;
  const entity = step.more % 2 === 0 ? 'account' : 'contact';
  const record = chooseRecord(doing, entity);
  const kind = (['user', 'team', 'role'] as const)[step.pick % 3] ?? 'user';
  const known =
    kind === 'role'
      ? ['sales_rep']
      : recordsOf(source, kind)
          .map(({ id }) => id)
          .slice(0, 3);
  const grantee = choose(known, step.pick >>> 3);
  if (record === undefined || grantee === undefined) return null;
  const input = { entity, id: record.id, granteeKind: kind, granteeId: grantee };
  return { name, input: name === 'shareRecord' ? { ...input, mode: step.more % 3 === 0 ? 'edit' : 'view' } : input };
}

/** Without the pipeline there are no deals. */
function makeDeal({ step, source, value, deps }: Doing): Command | null {
  if (recordsOf(source, 'pipeline').length === 0) return null;
  const values = { name: value, amount: 100 * (1 + (step.pick % 50)), closeDate: dayOf(step.more) };
  return { name: 'createRecord', input: { entity: 'deal', values, id: deps.createId() } };
}

/** What a deal is worth is changed by several people at once; often back to what it was. */
function editDeal(doing: Doing): Command | null {
  const { pick, more } = doing.step;
  const edits: readonly Record<string, unknown>[] = [
    { amount: 1_000 * (1 + (pick % 9)) },
    { closeDate: dayOf(pick % 5) },
    { amount: 500 * (pick % 7), closeDate: dayOf(more % 9) },
    { probability: (pick % 20) * 5 },
    { forecastCategory: pick % 2 === 0 ? 'commit' : 'best_case', amount: 250 * (more % 9) },
    { currency: pick % 2 === 0 ? 'USD' : 'EUR' },
    { nextStep: doing.value },
  ];
  return update('deal', chooseRecord(doing, 'deal'), choose(edits, more >>> 3) ?? {});
}

function moveDeal(doing: Doing): Command | null {
  const deal = chooseRecord(doing, 'deal');
  if (deal === undefined) return null;
  const open = defaultStages.filter(({ type }) => type === 'open').map(({ id }) => id);
  const stageId = choose(open, doing.step.more);
  if (deal['status'] !== 'open') return { name: 'reopenDeal', input: { id: deal.id, stageId } };
  if (doing.step.pick % 5 === 0) return { name: 'closeDeal', input: { id: deal.id, outcome: 'won' } };
  return { name: 'moveDeal', input: { id: deal.id, stageId } };
}

function giveDeal(doing: Doing): Command | null {
  const deal = chooseRecord(doing, 'deal');
  const user = choose(recordsOf(doing.source, 'user'), doing.step.more >>> 4);
  if (deal === undefined || user === undefined) return null;
  return { name: 'reassign', input: { entity: 'deal', id: deal.id, ownerId: user.id } };
}

/** Commands of what people type into records. */
const typing: Partial<Record<StepKind, (doing: Doing) => Command | null>> = {
  create,
  patch(doing) {
    const entity = chooseEntity(doing.step.more);
    const record = chooseRecord(doing, entity);
    const fields: Readonly<Record<string, Record<string, unknown>>> = {
      account: { billingCity: doing.value, billingStreet: `${doing.value} street` },
      contact: { jobTitle: doing.value },
      task: { estimateMinutes: doing.step.pick % 100_000 },
    };
    return update(entity, record, fields[entity] ?? {});
  },
  rename(doing) {
    const entity = chooseEntity(doing.step.more);
    const name = entity === 'task' ? 'subject' : 'name';
    return update(entity, chooseRecord(doing, entity), { [name]: doing.value, externalId: doing.value });
  },
  tag(doing) {
    const entity = chooseEntity(doing.step.more);
    const record = chooseRecord(doing, entity);
    const tags = Array.isArray(record?.['tags']) ? (record['tags'] as string[]) : [];
    const kept = doing.step.pick % 4 === 0 ? tags.slice(1) : tags;
    return update(entity, record, { tags: [...kept, doing.value] });
  },
  count(doing) {
    const record = chooseRecord(doing, 'task');
    return update('task', record, { spentMinutes: Number(record?.['spentMinutes'] ?? 0) + 1 + (doing.step.pick % 60) });
  },
  describe(doing) {
    const entity = chooseEntity(doing.step.more);
    const record = chooseRecord(doing, entity);
    const text = typeof record?.['description'] === 'string' ? record['description'] : '';
    const lines = text === '' ? [] : text.split('\n');
    lines.splice(doing.step.pick % (lines.length + 1), doing.step.pick % 5 === 0 ? 1 : 0, doing.value);
    return update(entity, record, { description: lines.join('\n') });
  },
  due: (doing) => update('task', chooseRecord(doing, 'task'), { dueDate: dayOf(doing.step.pick) }),
  objection: (doing) => update('contact', chooseRecord(doing, 'contact'), { doNotCall: true }),
  liftObjection: (doing) => update('contact', chooseRecord(doing, 'contact'), { doNotCall: false }),
  refer(doing) {
    const account = choose(recordsOf(doing.source, 'account'), doing.step.more);
    return update('contact', chooseRecord(doing, 'contact'), { accountId: account?.id ?? null });
  },
  delete(doing) {
    const entity = chooseEntity(doing.step.more);
    const record = chooseRecord(doing, entity);
    return record === undefined ? null : { name: 'deleteRecord', input: { entity, id: record.id } };
  },
  restore(doing) {
    const entity = chooseEntity(doing.step.more);
    return { name: 'restoreRecord', input: { entity, id: doing.deps.anyId(doing.step.pick) } };
  },
  reassign(doing) {
    const entity = chooseEntity(doing.step.more);
    const record = chooseRecord(doing, entity);
    const user = choose(recordsOf(doing.source, 'user'), doing.step.more >>> 4);
    if (record === undefined || user === undefined) return null;
    return { name: 'reassign', input: { entity, id: record.id, ownerId: user.id } };
  },
  assignTerritory(doing) {
    const territory = choose(
      [...recordsOf(doing.source, 'territory').map(({ id }) => id), null],
      doing.step.more >>> 2,
    );
    if (recordsOf(doing.source, 'territory').length === 0) return null;
    const territoryId = territory ?? null;
    if (doing.step.more % 2 === 0) return update('contact', chooseRecord(doing, 'contact'), { territoryId });
    const account = chooseRecord(doing, 'account');
    const input = { assignments: [{ accountId: account?.id, territoryId }] };
    return account === undefined ? null : { name: 'assignTerritories', input };
  },
  makeDeal,
  editDeal,
  moveDeal,
  giveDeal,
  share: (doing) => shareWith(doing, 'shareRecord'),
  unshare: (doing) => shareWith(doing, 'unshareRecord'),
  resolve(doing) {
    const open = recordsOf(doing.source, 'conflict').filter((conflict) => conflict['state'] === 'open');
    const conflict = choose(open, doing.step.pick);
    if (conflict === undefined) return null;
    return { name: doing.step.more % 2 === 0 ? 'takeOtherValue' : 'keepValue', input: { conflictId: conflict.id } };
  },
  bulk(doing) {
    const entity = chooseEntity(doing.step.more);
    const ids = recordsOf(doing.source, entity)
      .map((record) => record.id)
      .slice(0, 5);
    return ids.length === 0 ? null : { name: 'bulkUpdate', input: { entity, ids, values: { tags: [doing.value] } } };
  },
};

/** Commands of administrators about people. */
const ruling: Partial<Record<StepKind, (doing: Doing) => Command | null>> = {
  role(doing) {
    const roles = ['viewer', 'sales_rep', 'manager', 'sales_rep'];
    return update('user', chooseUser(doing), { role: roles[doing.step.more % roles.length] });
  },
  moveUser(doing) {
    const team = choose([...recordsOf(doing.source, 'team').map(({ id }) => id), null], doing.step.more);
    return update('user', chooseUser(doing), { teamId: team ?? null });
  },
  moveTeam(doing) {
    const teams = recordsOf(doing.source, 'team');
    const parent = choose([...teams.map(({ id }) => id), null], doing.step.more);
    const team = choose(teams, doing.step.pick);
    return team?.id === parent ? null : update('team', team, { parentId: parent ?? null });
  },
  leadTeam(doing) {
    const user = choose([...recordsOf(doing.source, 'user').map(({ id }) => id), null], doing.step.more);
    return update('team', choose(recordsOf(doing.source, 'team'), doing.step.pick), { leadId: user ?? null });
  },
  moveTerritory(doing) {
    const territories = recordsOf(doing.source, 'territory');
    const territory = choose(territories, doing.step.pick);
    const parentId = choose([...territories.map(({ id }) => id), null], doing.step.more) ?? null;
    if (territory === undefined || territory.id === parentId) return null;
    return { name: 'moveTerritory', input: { id: territory.id, parentId } };
  },
  manTerritory(doing) {
    const territory = choose(recordsOf(doing.source, 'territory'), doing.step.pick);
    const user = choose(recordsOf(doing.source, 'user'), doing.step.more >>> 2);
    if (user === undefined) return null;
    if (doing.step.more % 3 === 0) return update('territory', territory, { managerId: user.id });
    const members = Array.isArray(territory?.['memberIds']) ? (territory['memberIds'] as string[]) : [];
    const memberIds = members.includes(user.id) ? members.filter((id) => id !== user.id) : [...members, user.id];
    return update('territory', territory, { memberIds });
  },
  switchTerritory(doing) {
    const territory = choose(recordsOf(doing.source, 'territory'), doing.step.pick);
    const name = choose(['shareWithParent', 'shareWithChildren', 'recursiveSharing', 'memberAccess'], doing.step.more);
    if (name === undefined) return null;
    if (name !== 'memberAccess') return update('territory', territory, { [name]: territory?.[name] !== true });
    return update('territory', territory, { memberAccess: territory?.['memberAccess'] === 'view' ? 'edit' : 'view' });
  },
  deactivate: (doing) => update('user', chooseUser(doing), { isActive: false }),
  reactivate(doing) {
    const gone = recordsOf(doing.source, 'user').filter((user) => user['isActive'] === false);
    return update('user', choose(gone, doing.step.pick), { isActive: true });
  },
};

/** Never the first administrator: somebody must be left to rule. */
function chooseUser({ source, step }: Doing): LocalRecord | undefined {
  return choose(
    recordsOf(source, 'user').filter((user) => user.id !== 'ada'),
    step.pick,
  );
}

export function isTyped(kind: StepKind): boolean {
  return kind in typing || kind in ruling || kind === 'forbidden';
}

function draftOf(opId: string, entity: EntityName, recordId: string): OperationDraft {
  return {
    opId,
    txn: null,
    kind: 'patch',
    entity,
    recordId,
    command: 'updateRecord',
    baseRev: 0,
    changes: [],
    dependsOn: [],
    captured: { wall: '1970-01-01T00:00:00.000Z', sinceBootMs: 0 },
    schema: SCHEMA_VERSION,
  };
}

/** What somebody else's program might send. */
function forbiddenDrafts(doing: Doing): readonly OperationDraft[] {
  const { step, deps, value } = doing;
  if (step.pick % 4 > 0) {
    const draft = forbiddenDraft(doing);
    // Deleting and restoring name no groups.
    return [draft.kind === 'patch' ? draft : { ...draft, changes: [] }];
  }
  // A record made for somebody who is nobody, and work that builds on it.
  const recordId = deps.createId();
  const first = draftOf(deps.createId(), 'account', recordId);
  const name = { group: 'name', base: {}, to: { name: value } };
  const owner = { group: 'owner', base: {}, to: { ownerId: deps.anyId(step.more) } };
  const next = { ...draftOf(deps.createId(), 'account', recordId), dependsOn: [first.opId] };
  return [
    { ...first, kind: 'create', changes: [name, owner] },
    { ...next, changes: [{ ...name, base: { name: value }, to: { name: `${value} again` } }] },
  ];
}

/** A change of a record that is known by its id only, or an own one that points to such a record. */
function forbiddenDraft({ step, value, deps, source }: Doing): OperationDraft {
  const contact = recordsOf(source, 'contact')[0];
  if (contact !== undefined && step.pick % 3 === 0) {
    // An own record that points to somebody else's.
    const base = { accountId: contact['accountId'] ?? null };
    const changes = [{ group: 'accountId', base, to: { accountId: deps.anyId(step.more, 'accounts') } }];
    return { ...draftOf(deps.createId(), 'contact', contact.id), changes };
  }
  const entity = chooseEntity(step.more);
  const kinds = ['patch', 'delete', 'restore'] as const;
  return {
    ...draftOf(deps.createId(), entity, deps.anyId(step.pick)),
    kind: kinds[step.more % kinds.length] ?? 'patch',
    baseRev: step.more % 2 === 0 ? 1_000_000 : 0,
    changes: [
      { group: 'owner', base: {}, to: { ownerId: step.pick % 2 === 0 ? 'rene' : 'olga', teamId: 'north' } },
      { group: 'externalId', base: {}, to: { externalId: value } },
    ].slice(step.pick % 2),
  };
}

/** Does the step on the device; refusals of commands are what a screen would say. */
export function doStep(deps: PeopleDeps, device: Device, step: Step): void {
  const app = device.running();
  const source = app?.host.source() ?? null;
  if (app === null || source === null) return;
  const doing: Doing = { device, step, source, value: deps.mint(device.tenantId), deps };
  const actor = app.host.actor();
  let done: Promise<unknown> | null = null;
  if (step.kind === 'forbidden') {
    done = app.host.save(forbiddenDrafts(doing));
  } else {
    if (step.kind in ruling && (actor === null || !mayReassign(actor))) return;
    const command = (typing[step.kind] ?? ruling[step.kind])?.(doing) ?? null;
    if (command !== null) done = app.host.execute(command.name, command.input);
  }
  done?.catch((error: unknown) => {
    if (!(error instanceof OutpostError) && !(error instanceof PowerLoss)) deps.onStrange(error);
  });
}
