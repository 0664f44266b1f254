// What rules about fields are, which fields they may govern, and for whom there are none.
import type { FieldMode } from '#shared/access/field-policy.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** In `role`, `entity` and `field` of the one rule that holds the organization's default. */
export const ANY = '*';

/** Entities whose fields can be governed. */
export const governedEntities = ['account', 'contact', 'lead', 'deal', 'activity', 'task', 'product'] as const;
export type GovernedEntity = (typeof governedEntities)[number];

/** Outpost itself works by these: who owns a record, where it stands, who else may see it. */
const ungoverned = new Set(['ownerId', 'teamId', 'pipelineId', 'stageId', 'status', 'activityType', 'visibility']);

export function isGovernedEntity(name: string): name is GovernedEntity {
  return (governedEntities as readonly string[]).includes(name);
}

export function isGovernableName(field: string): boolean {
  return !ungoverned.has(field);
}

export function isGoverned(definition: EntityDefinition, field: string): boolean {
  return isGovernedEntity(definition.name) && Object.hasOwn(definition.fields, field) && isGovernableName(field);
}

/** Roles that no field rule restricts: somebody must be able to see what the rules hide, and to mend them. */
export function isUnrestrictedRole(role: string): boolean {
  return role === 'org_admin' || role === 'super_admin';
}

export interface FieldRule {
  readonly role: string;
  readonly entity: string;
  readonly field: string;
  readonly mode: FieldMode;
}

export interface PiiEntry {
  readonly entity: string;
  readonly field: string;
  readonly isPii: boolean;
}
