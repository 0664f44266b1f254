// Which fields a pivot may name. A field is a path over references, `ownerId.teamId`: what is found at its end is one value
// for each record. Everything follows from the definitions of the entities; nothing is listed a second time.
import { isPlainlyVisible, type FieldPolicy } from '#shared/access/field-policy.ts';
import { lineFields } from '#shared/analytics/deal-lines.ts';
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityDefinition, EntityName, FieldDefinition, FieldType } from '#shared/entities/define-entity.ts';
import { type PivotSource, entityOfSource } from '#shared/analytics/pivot-source.ts';
import { entities } from '#shared/entities/registry.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';

/** Figures of a record that are made of its fields; money in minor units, days as numbers. */
export const madeFields: Readonly<
  Partial<Record<EntityName, Readonly<Record<string, { readonly type: FieldType; readonly from: readonly string[] }>>>>
> = {
  deal: {
    weighted: { type: 'money', from: ['amount', 'probability'] },
    daysToClose: { type: 'integer', from: ['openedAt', 'closedAt'] },
  },
};

/** A step of a path: the field and the entity that has it. */
export interface PathStep {
  readonly entity: EntityName;
  readonly field: string;
  /** Of the lines of a deal, the field of the line. */
  readonly ofLine?: string;
}

export interface PivotField {
  readonly path: string;
  /** From the source to the entity that holds the value. */
  readonly steps: readonly PathStep[];
  readonly type: FieldType;
  /** Entity whose records the values name. */
  readonly to?: EntityName;
}

const MOST_STEPS = 4;

const notAsked: ReadonlySet<FieldType> = new Set<FieldType>(['longText', 'json']);
const envelopeReferences: Readonly<Record<string, EntityName>> = {
  createdBy: 'user',
  updatedBy: 'user',
  ownerId: 'user',
  teamId: 'team',
};
const envelopeFields = ['createdAt', 'createdBy', 'updatedAt', 'updatedBy'] as const;

function targetOf(definition: EntityDefinition, field: string): EntityName | undefined {
  return definition.fields[field]?.to ?? envelopeReferences[field];
}

function typeAt(definition: EntityDefinition, field: string): FieldType | undefined {
  return madeFields[definition.name]?.[field]?.type ?? typeOfField(definition, field);
}

/** What a path names; null when there is no such field (any more). Fields of lines stand under `lines`. */
export function pivotFieldAt(source: PivotSource, path: string): PivotField | null {
  const names = path.split('.');
  if (source !== 'dealLine' || names[0] !== 'lines') return fieldAt(entities[entityOfSource(source)], path, names, []);
  const [, ofLine = '', ...rest] = names;
  const known = Object.hasOwn(lineFields, ofLine) ? lineFields[ofLine] : undefined;
  if (known === undefined) return null;
  const { type, to } = known;
  const steps = [{ entity: 'deal', field: 'lines', ofLine }] as const;
  if (rest.length === 0) return { path, steps, type, ...(to === undefined ? {} : { to }) };
  return to === undefined ? null : fieldAt(entities[to], path, rest, steps);
}

function fieldAt(
  from: EntityDefinition,
  path: string,
  names: readonly string[],
  before: readonly PathStep[],
): PivotField | null {
  if (names.length > MOST_STEPS) return null;
  const steps = [...before];
  let definition = from;
  for (const [place, field] of names.entries()) {
    steps.push({ entity: definition.name, field });
    const to = targetOf(definition, field);
    if (place === names.length - 1) {
      const type = typeAt(definition, field);
      if (type === undefined || notAsked.has(type) || field === 'id' || field === 'kind' || field === 'rev')
        return null;
      return { path, steps, type, ...(to === undefined ? {} : { to }) };
    }
    if (to === undefined) return null;
    definition = entities[to];
  }
  return null;
}

/** Fields of the entity that the value of a step is made of. An amount is nothing without its currency. */
export function inputsOfStep({ entity, field, ofLine }: PathStep): readonly string[] {
  const made = ofLine === undefined ? madeFields[entity]?.[field] : lineFields[ofLine];
  const inputs = made?.from ?? [field];
  const { fields } = entities[entity];
  const isMoney = inputs.some((input) => fields[input]?.type === 'money');
  return isMoney && fields['currency'] !== undefined ? [...inputs, 'currency'] : inputs;
}

/** True when somebody with this policy sees every value on the way. */
export function isFieldVisible(policy: FieldPolicy | undefined, { steps }: PivotField): boolean {
  if (policy === undefined) return true;
  return steps.every((step) => {
    const { entity } = step;
    return inputsOfStep(step).every((name) => {
      const isOwn = Object.hasOwn(entities[entity].fields, name) && name !== 'ownerId' && name !== 'teamId';
      return !isOwn || policy[entity] === undefined || isPlainlyVisible(policy, entity, name);
    });
  });
}

/** Somebody who does not see the lines of deals is not asked about them. */
export function isSourceVisible(policy: FieldPolicy | undefined, source: PivotSource): boolean {
  return source !== 'dealLine' || policy === undefined || isPlainlyVisible(policy, 'deal', 'lines');
}

const followedFurther: ReadonlySet<string> = new Set(['ownerId', 'accountId', 'dealId', 'productIds', 'contactId']);
const noisy: ReadonlySet<FieldType> = new Set<FieldType>(['email', 'phone', 'url', 'text']);

/** Whom the record of a person belongs to is that person: the path would say the same for ever. */
const isOneself = (definition: EntityDefinition, field: string): boolean =>
  definition.name === 'user' && field === 'ownerId';

function isOffered(definition: EntityDefinition, field: string, known: FieldDefinition, depth: number): boolean {
  if (notAsked.has(known.type) || field === 'externalId' || isOneself(definition, field)) return false;
  if (field === definition.titleField) return depth === 0;
  // Free text of a related record is a question for a list; that of the catalog says what kind of product it is.
  return depth === 0 || definition.name === 'product' || !noisy.has(known.type) || field === 'stageId';
}

/** The fields a screen offers for a source, as the organization defined them: its own, and those of the records it names, one step further for people. */
export function pivotFieldsOf(source: PivotSource, definitions: Definitions): readonly PivotField[] {
  const found: PivotField[] = [];
  const take = (path: string): void => {
    const field = pivotFieldAt(source, path);
    if (field !== null) found.push(field);
  };
  const walk = (definition: EntityDefinition, before: string, depth: number): void => {
    for (const [field, known] of Object.entries(definition.fields)) {
      const path = `${before}${field}`;
      if (isOffered(definition, field, known, depth)) take(path);
    }
    for (const field of Object.keys(madeFields[definition.name] ?? {})) take(`${before}${field}`);
    if (depth === 0) for (const field of envelopeFields) take(field);
    for (const [field, { to }] of Object.entries(definition.fields)) {
      const isFollowed = followedFurther.has(field) && !isOneself(definition, field);
      if (to !== undefined && depth < 2 && isFollowed && (depth === 0 || field === 'ownerId'))
        walk(definitions[to], `${before}${field}.`, depth + 1);
    }
  };
  if (source === 'dealLine') {
    for (const field of Object.keys(lineFields)) take(`lines.${field}`);
    for (const [field, { to }] of Object.entries(lineFields))
      if (to !== undefined) walk(definitions[to], `lines.${field}.`, 1);
  }
  walk(definitions[entityOfSource(source)], '', 0);
  return found;
}

/** Types of fields that hold several values. */
export const listTypes: readonly FieldType[] = ['references', 'multiSelect', 'tags'];

/**
 * Where a path meets a list: the part of it up to the list, and what follows for each value. Null when it meets none. As a
 * dimension each value of the list is a member by itself.
 */
export function listOnPath({ path, steps }: PivotField): { readonly path: string; readonly steps: number } | null {
  const at = steps.findIndex(({ entity, field }) => {
    const type = typeOfField(entities[entity], field);
    return type !== undefined && listTypes.includes(type);
  });
  if (at < 0) return null;
  return {
    path: path
      .split('.')
      .slice(0, at + 1)
      .join('.'),
    steps: at + 1,
  };
}

/** Numbers that are added up; everything else is counted. */
export function isMeasured({ type }: PivotField): boolean {
  return type === 'number' || type === 'integer' || type === 'money' || type === 'percent';
}

export function isDated({ type }: PivotField): boolean {
  return type === 'date' || type === 'dateTime';
}
