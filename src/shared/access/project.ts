// The only function that produces a record for somebody's eyes. What the definition does not name does not leave: a
// column added to the store can never slip out by being forgotten here. A conflict is seen through the rules of the
// record it is about, field by field.
import type { Actor } from '#shared/access/actor.ts';
import {
  fieldModeOf,
  hiddenGroupsOf,
  isOwnership,
  MASK,
  openFieldPolicy,
  type FieldPolicy,
  type MaskedValue,
} from '#shared/access/field-policy.ts';
import { isInScope } from '#shared/access/scope.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { envelopeFields, type AnyRecord, type EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import { groupsOfChange, subjectOfChange } from '#shared/entities/field-change/kept-changes.ts';
import { changedGroupsOf, isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** Makes what stands in place of a value. Where no key is at hand, one text for everything. */
export type Masker = (entity: string, field: string, value: unknown) => MaskedValue;

const hideWholly: Masker = () => MASK;

/** The record as this user may see it, or null when it is not visible at all. */
export function project(
  actor: Actor,
  definition: EntityDefinition,
  record: AnyRecord,
  mask: Masker = hideWholly,
): AnyRecord | null {
  if (!isInScope(actor, definition, 'read', record)) return null;
  return projectFields(actor.fields ?? openFieldPolicy, definition, record, mask);
}

/** The fields alone, for whoever has decided already that the record is in reach. */
export function projectFields(
  policy: FieldPolicy,
  definition: EntityDefinition,
  record: AnyRecord,
  mask: Masker = hideWholly,
): AnyRecord | null {
  if (definition.name === 'conflict') return projectConflict(policy, definition, record, mask);
  if (isHistoryHidden(policy, record)) return null;
  if (definition.name === 'fieldChange') return projectChange(policy, definition, record, mask);
  return pickVisible(policy, definition, record, mask);
}

function pickVisible(policy: FieldPolicy, definition: EntityDefinition, record: AnyRecord, mask: Masker): AnyRecord {
  const visible: Record<string, unknown> = {};
  for (const field of envelopeFields) visible[field] = record[field];
  for (const { field, isMasked } of shownFieldsOf(policy, definition)) {
    if (!Object.hasOwn(record, field)) continue;
    visible[field] = isMasked ? maskValue(mask, definition, field, record) : record[field];
  }
  addSlots(visible, policy, definition, record, mask);
  return visible as AnyRecord;
}

/** Fields an organization defined itself stand in the definition without being listed: those that the record holds count. */
function addSlots(
  visible: Record<string, unknown>,
  policy: FieldPolicy,
  definition: EntityDefinition,
  record: AnyRecord,
  mask: Masker,
): void {
  for (const field in record) {
    if (!isCustomSlot(field) || !Object.hasOwn(definition.fields, field) || Object.hasOwn(visible, field)) continue;
    const mode = fieldModeOf(policy, definition.name, field);
    if (mode === 'hidden') continue;
    visible[field] = mode === 'mask' ? maskValue(mask, definition, field, record) : record[field];
  }
}

interface ShownField {
  readonly field: string;
  readonly isMasked: boolean;
}

/** By policy and definition, which never change: a server projects thousands of records with each pair. */
const shownFields = new WeakMap<FieldPolicy, WeakMap<EntityDefinition, readonly ShownField[]>>();

function shownFieldsOf(policy: FieldPolicy, definition: EntityDefinition): readonly ShownField[] {
  let ofPolicy = shownFields.get(policy);
  if (ofPolicy === undefined) shownFields.set(policy, (ofPolicy = new WeakMap()));
  let shown = ofPolicy.get(definition);
  if (shown === undefined) ofPolicy.set(definition, (shown = listShownFields(policy, definition)));
  return shown;
}

function listShownFields(policy: FieldPolicy, definition: EntityDefinition): readonly ShownField[] {
  // Owner and team stand in every record, also of entities that do not define them as fields.
  const fields = [...new Set(['ownerId', 'teamId', ...Object.keys(definition.fields)])];
  return fields.flatMap((field) => {
    const mode = isOwnership(field) ? 'edit' : fieldModeOf(policy, definition.name, field);
    return mode === 'hidden' ? [] : [{ field, isMasked: mode === 'mask' }];
  });
}

function maskValue(
  mask: Masker,
  definition: EntityDefinition,
  field: string,
  values: Readonly<Record<string, unknown>>,
) {
  const value = values[field];
  return value === null || value === undefined || isMarker(value) ? value : mask(definition.name, field, value);
}

/** A record that was projected before stays as it is. */
function isMarker(value: unknown): boolean {
  return isPlainObject(value) && Object.hasOwn(value, '$masked');
}

/** Kinds whose values are those of another record and are seen by the rules of that one's fields. */
export function keepsValuesOfOthers(kind: string): boolean {
  return kind === 'conflict' || kind === 'fieldChange';
}

const valuesOfConflict = ['base', 'kept', 'lost'];
const valuesOfChange = ['before', 'after'];

function projectConflict(
  policy: FieldPolicy,
  definition: EntityDefinition,
  record: AnyRecord,
  mask: Masker,
): AnyRecord | null {
  if (isConflictHidden(policy, record)) return null;
  const visible = pickVisible(policy, definition, record, mask);
  return pickInside(policy, visible, record, entityOf(String(record['subjectEntity'])), valuesOfConflict, mask);
}

function projectChange(policy: FieldPolicy, definition: EntityDefinition, record: AnyRecord, mask: Masker): AnyRecord {
  const visible = pickVisible(policy, definition, record, mask);
  const subject = entityOf(subjectOfChange(record)?.entity ?? '');
  if (subject === undefined || policy[subject.name] === undefined) return visible;
  const hidden = hiddenGroupsOf(policy, subject);
  const groups = groupsOfChange(record).filter((group) => !hidden.includes(group));
  return pickInside(policy, { ...visible, groups }, record, subject, valuesOfChange, mask);
}

/** Values of another record that this one keeps, as far as the rules of that one show them. */
function pickInside(
  policy: FieldPolicy,
  shownRecord: AnyRecord,
  record: AnyRecord,
  subject: EntityDefinition | undefined,
  parts: readonly string[],
  mask: Masker,
): AnyRecord {
  if (subject === undefined || policy[subject.name] === undefined) return shownRecord;
  const visible: Record<string, unknown> = { ...shownRecord };
  for (const part of parts) {
    const values = record[part];
    if (!isPlainObject(values)) continue;
    const shown = Object.keys(values).flatMap((field) => {
      const mode = isOwnership(field) ? 'edit' : fieldModeOf(policy, subject.name, field);
      if (mode === 'hidden') return [];
      return [[field, mode === 'mask' ? maskValue(mask, subject, field, values) : values[field]] as const];
    });
    visible[part] = Object.fromEntries(shown);
  }
  return visible as AnyRecord;
}

/** True for a conflict about values of which this user sees none: it does not exist for this user. */
export function isConflictHidden(policy: FieldPolicy, record: AnyRecord): boolean {
  const subject = entityOf(String(record['subjectEntity']));
  if (subject === undefined) return false;
  return hiddenGroupsOf(policy, subject).includes(String(record['group']));
}

/** True for an entry of a history about nothing but values of which this user sees none: it does not exist for this user. */
export function isHistoryHidden(policy: FieldPolicy, record: AnyRecord): boolean {
  if (record.kind === 'fieldChange') return isChangeHidden(policy, record);
  if (record.kind !== 'stageChange' || policy.deal === undefined || isMoveEntry(record)) return false;
  const hidden = hiddenGroupsOf(policy, entities.deal);
  return changedGroupsOf(record).every((group) => hidden.includes(group));
}

function isChangeHidden(policy: FieldPolicy, record: AnyRecord): boolean {
  const subject = subjectOfChange(record);
  if (subject === null || policy[subject.entity] === undefined) return false;
  const hidden = hiddenGroupsOf(policy, entities[subject.entity]);
  return groupsOfChange(record).every((group) => hidden.includes(group));
}
