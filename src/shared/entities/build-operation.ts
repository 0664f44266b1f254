// Turns "the record should look like this" into the smallest operation that says so. An operation names only groups
// that really change; a changed group travels whole, with every value the user could see of it, so that a merge takes
// it whole; groups of the policies `set` and `counter` travel as differences. No change, no operation. Whoever sees a
// record in part names nothing of the rest: neither as a value that was seen nor as one that goes along.
import {
  fieldModeOf,
  isMasked,
  isPlainlyVisible,
  openFieldPolicy,
  type FieldPolicy,
} from '#shared/access/field-policy.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import {
  fieldNamesOf,
  fieldsOfGroup,
  groupOfField,
  mergePolicyOf,
  type AnyRecord,
  type EntityDefinition,
} from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { SCHEMA_VERSION, type Change, type OperationDraft } from '#shared/sync/operation.ts';

export interface OperationOptions {
  /** Name of the command the user gave. */
  readonly command: string;
  /** Operations with the same txn succeed or fail together. */
  readonly txn?: string | null;
  /** Operations this one makes no sense without. */
  readonly dependsOn?: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

/** Makes a record; null and absent values are left out. */
export function createOperation(
  context: CommandContext,
  definition: EntityDefinition,
  recordId: string,
  values: Values,
  options: OperationOptions,
): OperationDraft {
  const byGroup = new Map<string, Record<string, unknown>>();
  for (const field of fieldNamesOf(definition, values)) {
    const value = values[field];
    if (value === undefined || value === null || isMasked(value)) continue;
    const group = groupOfField(definition, field);
    byGroup.set(group, { ...byGroup.get(group), [field]: value });
  }
  const changes = [...byGroup].map(([group, to]): Change => ({ group, base: {}, to }));
  return draft(context, definition, { kind: 'create', recordId, baseRev: 0, changes }, options);
}

/**
 * Changes the given fields of a record; null clears, absent and undefined leave alone. `base` holds what the screen
 * showed where that differs from the record. Null when nothing changes.
 */
export function patchOperation(
  context: CommandContext,
  definition: EntityDefinition,
  record: AnyRecord,
  values: Values,
  options: OperationOptions & { readonly base?: Values },
): OperationDraft | null {
  const changes = diffGroups(definition, { ...record, ...options.base }, values, context.actor.fields);
  if (changes.length === 0) return null;
  const patch = { kind: 'patch', recordId: record.id, baseRev: record.rev, changes } as const;
  return draft(context, definition, patch, {
    ...options,
    dependsOn: [...(options.dependsOn ?? []), ...unsentCreateOf(record)],
  });
}

/** Deletes or restores a record. */
export function lifeOperation(
  context: CommandContext,
  definition: EntityDefinition,
  kind: 'delete' | 'restore',
  record: { readonly id: string; readonly rev: number },
  options: OperationOptions,
): OperationDraft {
  const dependsOn = [...(options.dependsOn ?? []), ...unsentCreateOf(record)];
  return draft(
    context,
    definition,
    { kind, recordId: record.id, baseRev: record.rev, changes: [] },
    { ...options, dependsOn },
  );
}

/** The operation that made a record the server has not seen yet; whatever builds on the record depends on it. */
export function unsentCreateOf(record: { readonly rev: number; readonly pending?: unknown }): readonly string[] {
  const pending = record.rev === 0 ? record.pending : undefined;
  const first: unknown = Array.isArray(pending) ? pending[0] : undefined;
  return typeof first === 'string' ? [first] : [];
}

/** Changes per group that turn what was seen into what is wanted. */
export function diffGroups(
  definition: EntityDefinition,
  seen: Values,
  values: Values,
  fieldPolicy: FieldPolicy = openFieldPolicy,
): Change[] {
  const changed = fieldNamesOf(definition, values).filter(
    (field) => values[field] !== undefined && !isJsonEqual(seen[field] ?? null, values[field] ?? null),
  );
  const groups = [...new Set(changed.map((field) => groupOfField(definition, field)))];
  return groups.map((group) => {
    const policy = mergePolicyOf(definition, group);
    if (policy === 'set') return diffSet(definition, group, seen, values);
    if (policy === 'counter') return diffCounter(definition, group, seen, values);
    const base: Record<string, unknown> = {};
    const to: Record<string, unknown> = {};
    for (const field of fieldsOfGroup(definition, group)) {
      const isChanged = changed.includes(field);
      const isEditable = fieldModeOf(fieldPolicy, definition.name, field) === 'edit';
      if (!isChanged && (!isSeen(seen[field]) || !isEditable)) continue;
      if (isPlainlyVisible(fieldPolicy, definition.name, field)) base[field] = seen[field] ?? null;
      to[field] = isChanged ? values[field] : (seen[field] ?? null);
    }
    return { group, base, to };
  });
}

/** False for a field the user has no value of: never filled, not visible, or shown as a marker instead of its value. */
function isSeen(value: unknown): boolean {
  return value !== undefined && !isMasked(value);
}

function diffSet(definition: EntityDefinition, group: string, seen: Values, values: Values): Change {
  const base: Record<string, unknown> = {};
  const add: Record<string, string[]> = {};
  const remove: Record<string, string[]> = {};
  for (const field of fieldsOfGroup(definition, group)) {
    if (values[field] === undefined) continue;
    const before = toTexts(seen[field]);
    const after = toTexts(values[field]);
    base[field] = before;
    add[field] = after.filter((item) => !before.includes(item));
    remove[field] = before.filter((item) => !after.includes(item));
  }
  return { group, base, add, remove };
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function diffCounter(definition: EntityDefinition, group: string, seen: Values, values: Values): Change {
  const base: Record<string, unknown> = {};
  const delta: Record<string, number> = {};
  for (const field of fieldsOfGroup(definition, group)) {
    if (values[field] === undefined) continue;
    base[field] = seen[field] ?? null;
    delta[field] = toNumber(values[field]) - toNumber(seen[field]);
  }
  return { group, base, delta };
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function draft(
  context: CommandContext,
  definition: EntityDefinition,
  parts: Pick<OperationDraft, 'kind' | 'recordId' | 'baseRev' | 'changes'>,
  options: OperationOptions,
): OperationDraft {
  return {
    opId: context.createId(),
    txn: options.txn ?? null,
    kind: parts.kind,
    entity: definition.name,
    recordId: parts.recordId,
    command: options.command,
    baseRev: parts.baseRev,
    changes: parts.changes,
    dependsOn: [...new Set(options.dependsOn)],
    captured: { wall: context.now, sinceBootMs: context.sinceBootMs },
    schema: SCHEMA_VERSION,
  };
}
