// Roles, and what each does to fields, for programs. A mode is never stored beside its reason: both come from the function that
// decides what people see.
import { explainField, type FieldReason } from '#shared/access/compile-field-policy.ts';
import type { FieldMode } from '#shared/access/field-policy.ts';
import { governedEntities, isGoverned } from '#shared/access/governed-fields.ts';
import { roleNames, type Actor } from '#shared/access/actor.ts';
import { recordActions, type RoleGrants } from '#shared/access/role-shape.ts';
import { builtInRoles, isBuiltInRole, reachOf, roleLabels } from '#shared/access/roles.ts';
import { entityNames } from '#shared/entities/define-entity.ts';
import { toFieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { toPiiEntry } from '#shared/entities/field-rule/pii-rule.ts';
import { entities } from '#shared/entities/registry.ts';
import { grantsOfRole } from '#shared/entities/role/role.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { runForProgram } from '#server/sync/run-command.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';

export interface RoleForPrograms extends RoleGrants {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isBuiltIn: boolean;
}

export interface FieldPermission extends FieldReason {
  readonly entity: string;
  readonly field: string;
}

export interface FieldPermissionWish {
  readonly entity: string;
  readonly field: string;
  /** Null: no rule of its own, what the default or the registry of personal data says. */
  readonly mode: FieldMode | null;
}

export interface ProgramRoles {
  /** Built-in ones first. @throws OutpostError `action_forbidden` */
  list(principal: Principal): Promise<readonly RoleForPrograms[]>;
  /** @throws OutpostError `action_forbidden`, `not_found` */
  readFields(principal: Principal, roleId: string): Promise<readonly FieldPermission[]>;
  /** @throws OutpostError `action_forbidden`, `not_found`, `invalid` */
  writeField(principal: Principal, roleId: string, wish: FieldPermissionWish): Promise<FieldPermission>;
}

/** What somebody may at this moment, as far as it reaches. */
export interface EffectiveRights {
  readonly userId: string;
  readonly role: string;
  readonly roleName: string;
  readonly permissions: readonly string[];
  readonly scopes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly teamIds: readonly string[];
  /** Modes of fields that differ from what the record allows. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly epoch: number;
}

const restrictionsOf = (modes: Readonly<Record<string, FieldMode>>) =>
  Object.fromEntries(Object.entries(modes).filter(([, mode]) => mode !== 'edit'));

export function rightsOf(actor: Actor): EffectiveRights {
  const reach = (entity: (typeof entityNames)[number]) =>
    recordActions
      .map((action) => [action, reachOf(actor, entity, action)] as const)
      .filter(([, scope]) => scope !== 'none');
  const rows = entityNames.map((entity) => [entity, Object.fromEntries(reach(entity))] as const);
  return {
    userId: actor.userId,
    role: actor.role,
    roleName: isBuiltInRole(actor.role) ? roleLabels[actor.role] : (actor.roleName ?? ''),
    permissions: actor.permissions,
    scopes: Object.fromEntries(rows.filter(([, row]) => Object.keys(row).length > 0)),
    teamIds: actor.teamIds,
    fields: Object.fromEntries(
      Object.entries(actor.fields ?? {}).map(([entity, modes]) => [entity, restrictionsOf(modes)]),
    ),
    epoch: actor.epoch,
  };
}

function assertSeesRoles({ actor }: Principal): void {
  if (actor.permissions.includes('org.assign_roles')) return;
  throw new OutpostError('action_forbidden', 'Only an administrator sees and changes what roles may do.');
}

function assertRole(source: RecordSource, roleId: string): void {
  if (isBuiltInRole(roleId) || source.get('role', roleId) !== undefined) return;
  throw new OutpostError('not_found', 'There is no such role.');
}

function explain(source: RecordSource, role: string): (entity: string, field: string) => FieldPermission {
  const rules = [...source.all('fieldRule').values()].map(toFieldRule);
  const pii = [...source.all('piiRule').values()].map(toPiiEntry);
  return (entity, field) => ({
    entity,
    field,
    ...explainField({ role, rules, pii }, entity as (typeof governedEntities)[number], field),
  });
}

export function createProgramRoles(deps: SyncDependencies): ProgramRoles {
  const read = ({ actor }: Principal) =>
    readVisibleSource(deps, actor, new Set(['role', 'fieldRule', 'piiRule', 'organization', 'user', 'team']));

  async function readForRole(principal: Principal, roleId: string): Promise<RecordSource> {
    assertSeesRoles(principal);
    const source = await read(principal);
    assertRole(source, roleId);
    return source;
  }

  return {
    async list(principal) {
      assertSeesRoles(principal);
      const source = await read(principal);
      const builtIn = roleNames.map((id) => ({
        id,
        name: roleLabels[id],
        description: '',
        isBuiltIn: true,
        ...builtInRoles[id],
      }));
      const custom = [...source.all('role').values()].map((record) => ({
        id: record.id,
        name: textOf(record['name']),
        description: textOf(record['description']),
        isBuiltIn: false,
        ...grantsOfRole(record),
      }));
      return [...builtIn, ...custom.toSorted((one, other) => one.name.localeCompare(other.name))];
    },

    async readFields(principal, roleId) {
      const explained = explain(await readForRole(principal, roleId), roleId);
      return governedEntities.flatMap((entity) => {
        const definition = entities[entity];
        const fields = Object.keys(definition.fields).filter((field) => isGoverned(definition, field));
        return fields.map((field) => explained(entity, field));
      });
    },

    async writeField(principal, roleId, { entity, field, mode }) {
      const source = await readForRole(principal, roleId);
      const definition = governedEntities.find((name) => name === entity);
      if (definition === undefined || !isGoverned(entities[definition], field))
        throw new OutpostError('invalid', 'There can be no rule for this field.', { fields: ['field'] });
      const existing = [...source.all('fieldRule').values()].filter(
        (rule) => rule['role'] === roleId && rule['entity'] === entity && rule['field'] === field,
      );
      const run = (command: string, input: Readonly<Record<string, unknown>>) =>
        runForProgram(deps, principal, source, command, { entity: 'fieldRule', ...input });
      const [first, ...others] = existing;
      // Two administrators may have written the same rule apart from each other: one of them is kept.
      for (const rule of mode === null ? existing : others) await run('deleteRecord', { id: rule.id });
      if (mode !== null && first !== undefined) await run('updateRecord', { id: first.id, values: { mode } });
      else if (mode !== null) await run('createRecord', { values: { role: roleId, entity, field, mode } });
      return explain(await read(principal), roleId)(entity, field);
    },
  };
}
