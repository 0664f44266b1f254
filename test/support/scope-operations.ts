// Operations about who sees what, as a device would send them.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { Change } from '#shared/sync/operation.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { changesFor, type TestDevice } from '#test/support/sync-world.ts';

/** The change of a list that is merged as a set. */
export function changeOfSet(
  field: string,
  base: readonly string[],
  add: readonly string[],
  remove: readonly string[] = [],
): Change {
  return { group: field, base: { [field]: base }, add: { [field]: [...add] }, remove: { [field]: [...remove] } };
}

export function share(
  device: TestDevice,
  recordId: string,
  entry: string,
  entity: EntityName = 'deal',
): Promise<Verdict> {
  return device.send({ entity, recordId, changes: [changeOfSet('shares', [], [entry])] });
}

export function unshare(
  device: TestDevice,
  recordId: string,
  entry: string,
  entity: EntityName = 'deal',
): Promise<Verdict> {
  return device.send({ entity, recordId, changes: [changeOfSet('shares', [entry], [], [entry])] });
}

export function create(
  device: TestDevice,
  entity: EntityName,
  recordId: string,
  values: Readonly<Record<string, unknown>>,
): Promise<Verdict> {
  return device.send({ kind: 'create', entity, recordId, changes: changesFor(entity, values) });
}

/** Gives a record to somebody in a team; `before`: whose it was. */
export function give(
  device: TestDevice,
  entity: EntityName,
  recordId: string,
  before: { readonly ownerId: string | null; readonly teamId: string | null },
  after: { readonly ownerId: string | null; readonly teamId: string | null },
): Promise<Verdict> {
  return device.send({ entity, recordId, changes: [{ group: 'owner', base: { ...before }, to: { ...after } }] });
}

/** Ids of a kind on a device, sorted. */
export function idsOn(device: TestDevice, kind: EntityName): readonly string[] {
  return [...device.store.values()]
    .filter((record: AnyRecord) => record.kind === kind)
    .map((record) => record.id)
    .sort();
}
