// Merges one field group by its policy. Two promises hold for every policy: a group is taken whole, and every value
// that differs from the base and is not in the result is reported as lost, exactly once.
import { mergePolicyOf, type EntityDefinition, type MergePolicy } from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { RejectionCode } from '#shared/sync/messages.ts';
import { mergeItems } from '#shared/sync/merge-items.ts';
import { diffSets, mergeAppend, mergeSet, toCount, toSet } from '#shared/sync/merge-values.ts';
import { mergeText } from '#shared/sync/merge-text.ts';
import type { Change } from '#shared/sync/operation.ts';

/** Values of the fields of one group; null is "empty". */
export type GroupValues = Readonly<Record<string, unknown>>;

/** A value that a merge could not keep. `kept` is what stands in the record now. */
export interface LostValue {
  readonly group: string;
  readonly base: GroupValues;
  readonly kept: GroupValues;
  readonly lost: GroupValues;
  /** Whose value was lost: the one that stood on the server, or the one of the arriving operation. */
  readonly side: 'current' | 'incoming';
  readonly policy: MergePolicy;
  /** `open`: somebody should decide. `info`: kept for the record. */
  readonly severity: 'info' | 'open';
}

export type GroupMerge =
  | { readonly kind: 'merged'; readonly values: GroupValues; readonly lost: readonly LostValue[] }
  | { readonly kind: 'rejected'; readonly code: RejectionCode; readonly message: string };

interface Sides {
  readonly group: string;
  readonly policy: MergePolicy;
  readonly base: GroupValues;
  readonly current: GroupValues;
  readonly mine: GroupValues;
}

/** Merges one change onto the current record. The change has been checked: it names only fields of its group. */
export function mergeGroup(definition: EntityDefinition, record: GroupValues, change: Change): GroupMerge {
  const policy = mergePolicyOf(definition, change.group);
  const fields = namedFields(change);
  const current = pick(record, fields);
  // A field the change does not give a base for is one the person left alone: it stands as it stands.
  const base = { ...current, ...pickPresent(change.base, fields) };
  if (isPartial(change)) return mergePartial(change, policy, base, current);
  const sides: Sides = { group: change.group, policy, base, current, mine: { ...base, ...change.to } };
  const plain = mergePlain(sides);
  if (policy === 'machine') return mergeMachine(definition, record, sides);
  if (policy === 'immutable') return mergeImmutable(sides);
  return plain ?? mergeByPolicy(sides);
}

/** Fields of the group that a change names anywhere. */
function namedFields(change: Change): readonly string[] {
  const parts = [change.base, change.to, change.delta, change.add, change.remove];
  return [...new Set(parts.flatMap((part) => Object.keys(part ?? {})))];
}

function pick(record: GroupValues, fields: readonly string[]): GroupValues {
  return Object.fromEntries(fields.map((field) => [field, record[field] ?? null]));
}

function pickPresent(values: GroupValues, fields: readonly string[]): GroupValues {
  return Object.fromEntries(
    fields.filter((field) => values[field] !== undefined).map((field) => [field, values[field]]),
  );
}

/** The three easy rows of the merge table; null when all sides differ. */
function mergePlain(sides: Sides): GroupMerge | null {
  const { base, current, mine } = sides;
  if (isJsonEqual(current, mine) || isJsonEqual(mine, base)) return keep(current);
  if (isJsonEqual(current, base)) return keep(sides.policy === 'set' ? sorted(mine) : mine);
  return null;
}

function keep(values: GroupValues): GroupMerge {
  return { kind: 'merged', values, lost: [] };
}

function sorted(values: GroupValues): GroupValues {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, value === null ? null : toSet(value)]),
  );
}

function isPartial(change: Change): boolean {
  return change.delta !== undefined || change.add !== undefined || change.remove !== undefined;
}

/** Deltas and set changes are functions of what stands now, whatever the base was: they commute and lose nothing. */
function mergePartial(change: Change, policy: MergePolicy, base: GroupValues, current: GroupValues): GroupMerge {
  if (change.to !== undefined && Object.keys(change.to).length > 0) {
    return { kind: 'rejected', code: 'invalid', message: 'A change gives a value or an addition, not both.' };
  }
  const isFitting = change.delta === undefined ? policy === 'set' : policy === 'counter';
  if (!isFitting || (change.delta !== undefined && (change.add ?? change.remove) !== undefined)) {
    return { kind: 'rejected', code: 'invalid', message: 'This kind of change does not fit the field.' };
  }
  const values: Record<string, unknown> = { ...current };
  for (const [field, delta] of Object.entries(change.delta ?? {})) {
    const sum = toCount(current[field]) + delta;
    if (!Number.isFinite(sum)) return { kind: 'rejected', code: 'invalid', message: 'The number is too large.' };
    values[field] = sum;
  }
  for (const field of new Set([...Object.keys(change.add ?? {}), ...Object.keys(change.remove ?? {})])) {
    const parts = { add: change.add?.[field] ?? [], remove: change.remove?.[field] ?? [] };
    values[field] = mergeSet(base[field], current[field], parts);
  }
  return keep(values);
}

type DifferingPolicy = Exclude<MergePolicy, 'machine' | 'immutable'>;

/** All three sides differ. */
const differing: Readonly<Record<DifferingPolicy, (sides: Sides) => GroupMerge>> = {
  incoming: (sides) => takeMine(sides),
  current: (sides) => keepCurrent(sides, 'info'),
  manual: (sides) => keepCurrent(sides, 'open'),
  counter: (sides) => perField(sides, (base, current, mine) => toCount(current) + toCount(mine) - toCount(base)),
  set: (sides) => perField(sides, (base, current, mine) => mergeSet(base, current, diffSets(base, mine))),
  text3: (sides) => perField(sides, mergeTextValue),
  append: (sides) => perField(sides, mergeAppend),
  items: mergeItemLists,
  restrictive: mergeRestrictive,
};

function mergeByPolicy(sides: Sides): GroupMerge {
  return differing[sides.policy as DifferingPolicy](sides);
}

function takeMine(sides: Sides): GroupMerge {
  return { kind: 'merged', values: sides.mine, lost: [toLost(sides, sides.mine, 'current', 'info')] };
}

function keepCurrent(sides: Sides, severity: 'info' | 'open'): GroupMerge {
  return { kind: 'merged', values: sides.current, lost: [toLost(sides, sides.current, 'incoming', severity)] };
}

function toLost(sides: Sides, kept: GroupValues, side: 'current' | 'incoming', severity: 'info' | 'open'): LostValue {
  const lost = side === 'current' ? sides.current : sides.mine;
  return { group: sides.group, base: sides.base, kept, lost, side, policy: sides.policy, severity };
}

/** Merges field by field; one field that cannot be merged makes the whole group a question. */
function perField(sides: Sides, merge: (base: unknown, current: unknown, mine: unknown) => unknown): GroupMerge {
  const values: Record<string, unknown> = {};
  for (const field of Object.keys(sides.current)) {
    const [base, current, mine] = [sides.base[field], sides.current[field], sides.mine[field]];
    if (isJsonEqual(current, mine) || isJsonEqual(mine, base)) values[field] = current;
    else if (isJsonEqual(current, base)) values[field] = mine;
    else values[field] = merge(base, current, mine);
    if (values[field] === undefined) return keepCurrent(sides, 'open');
  }
  return keep(values);
}

/** Lists of things with ids, item by item. A wording that both changed is taken from the operation, and the other one is kept. */
function mergeItemLists(sides: Sides): GroupMerge {
  const values: Record<string, unknown> = {};
  let isLossless = true;
  for (const field of Object.keys(sides.current)) {
    const merged = mergeItems(sides.base[field], sides.current[field], sides.mine[field]);
    if (merged === undefined) return keepCurrent(sides, 'open');
    values[field] = merged.items;
    isLossless &&= merged.isLossless;
  }
  return { kind: 'merged', values, lost: isLossless ? [] : [toLost(sides, values, 'current', 'info')] };
}

function mergeTextValue(base: unknown, current: unknown, mine: unknown): unknown {
  const texts = [base ?? '', current ?? '', mine ?? ''];
  const [from, theirs, ours] = texts;
  if (typeof from !== 'string' || typeof theirs !== 'string' || typeof ours !== 'string') return undefined;
  return mergeText(from, theirs, ours) ?? undefined;
}

/**
 * A restrictive group holds objections: `true` means "no, do not". An objection wins over everything, and only a
 * person who saw it can lift it.
 */
function mergeRestrictive(sides: Sides): GroupMerge {
  const fields = Object.keys(sides.current);
  const liftsUnseen = fields.some(
    (field) => sides.current[field] === true && sides.mine[field] !== true && sides.base[field] !== true,
  );
  const objects = fields.some((field) => sides.mine[field] === true && sides.current[field] !== true);
  if (!liftsUnseen) return takeMine(sides);
  if (!objects) return keepCurrent(sides, 'open');
  // Each side objects to something else: both objections stand, the rest of mine becomes a question.
  const values = Object.fromEntries(
    fields.map((field) => [field, sides.mine[field] === true ? true : sides.current[field]]),
  );
  const lost = [toLost(sides, values, 'current', 'info'), toLost(sides, values, 'incoming', 'open')];
  return { kind: 'merged', values, lost };
}

/** A step of a machine is allowed from where the record stands now, or not at all. */
function mergeMachine(definition: EntityDefinition, record: GroupValues, sides: Sides): GroupMerge {
  const { base, current, mine } = sides;
  if (isJsonEqual(current, mine) || isJsonEqual(mine, base)) return keep(current);
  const isAllowed = definition.transitions?.({ ...record, ...current }, { ...record, ...mine }) ?? true;
  const isStale = !isJsonEqual(current, base);
  if (!isAllowed) {
    const message = isStale
      ? 'Somebody moved this in the meantime, and from where it stands now this step is not possible.'
      : 'This step is not possible from where the record stands.';
    return { kind: 'rejected', code: isStale ? 'conflict_manual' : 'invalid', message };
  }
  return isStale ? takeMine(sides) : keep(mine);
}

function mergeImmutable(sides: Sides): GroupMerge {
  if (isJsonEqual(sides.current, sides.mine) || isJsonEqual(sides.mine, sides.base)) return keep(sides.current);
  return { kind: 'rejected', code: 'invalid', message: 'This can be set once and never changed.' };
}
