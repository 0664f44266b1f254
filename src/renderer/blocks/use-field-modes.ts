// What the signed-in person may do with a field, from the policy the server gave: the same that the data host and the
// server apply, asked here to offer only what will be answered.
import { useMemo } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import {
  fieldModeOf,
  isPlainlyVisible,
  openFieldPolicy,
  type FieldMode,
  type FieldPolicy,
} from '#shared/access/field-policy.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import type { Sort } from '#shared/query/filter.ts';

export interface FieldModes {
  modeOf(definition: EntityDefinition, field: string): FieldMode;
  /** Shown at all, masked or not. */
  isShown(definition: EntityDefinition, field: string): boolean;
  /** The value itself is known: it can be filtered, sorted and added up. */
  isKnown(definition: EntityDefinition, field: string): boolean;
  /** The sorting without what is not known. */
  sortable(definition: EntityDefinition, sort: readonly Sort[]): readonly Sort[];
}

const always = new Set(['id', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'ownerId', 'teamId']);

export function createFieldModes(policy: FieldPolicy = openFieldPolicy): FieldModes {
  const modeOf = (definition: EntityDefinition, field: string): FieldMode =>
    always.has(field) ? 'edit' : fieldModeOf(policy, definition.name, field);
  const isKnown = (definition: EntityDefinition, field: string): boolean =>
    always.has(field) || isPlainlyVisible(policy, definition.name, field);
  return {
    modeOf,
    isKnown,
    isShown: (definition, field) => modeOf(definition, field) !== 'hidden',
    sortable: (definition, sort) => sort.filter(({ field }) => isKnown(definition, field)),
  };
}

export function useFieldModes(): FieldModes {
  const policy = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.fields : undefined,
  );
  return useMemo(() => createFieldModes(policy), [policy]);
}
