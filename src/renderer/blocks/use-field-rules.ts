// Roles, field rules and the registry of personal data, live. Administrators have these records; for everybody else there
// is nothing here.
import { useMemo } from 'react';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useOwnLive } from '#renderer/data/use-data.ts';
import type { FieldRules } from '#shared/access/compile-field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toFieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { toPiiEntry } from '#shared/entities/field-rule/pii-rule.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export interface KnownRules {
  readonly roles: readonly LocalRecord[];
  readonly fieldRules: readonly LocalRecord[];
  readonly piiRules: readonly LocalRecord[];
  /** Ready to be evaluated, but for the role. */
  readonly data: Omit<FieldRules, 'role'>;
  /** Name of a custom role, to be spread into what names a role. */
  nameOf(role: string): { readonly roleName?: string };
}

const MOST_RULES = 1000;

function question(entity: EntityName, field: string) {
  return { entity, sort: [{ field, direction: 'asc' as const }], offset: 0, limit: MOST_RULES };
}

/** Null until all of them are known. */
export function useFieldRules(): KnownRules | null {
  const { data: roles } = useOwnLive('list', question('role', 'name'));
  const { data: fieldRules } = useOwnLive('list', question('fieldRule', 'createdAt'));
  const { data: piiRules } = useOwnLive('list', question('piiRule', 'createdAt'));
  return useMemo(() => {
    if (roles === undefined || fieldRules === undefined || piiRules === undefined) return null;
    const namesById = new Map(roles.rows.map((role) => [role.id, textOf(role['name'])]));
    return {
      roles: roles.rows,
      fieldRules: fieldRules.rows,
      piiRules: piiRules.rows,
      data: { rules: fieldRules.rows.map(toFieldRule), pii: piiRules.rows.map(toPiiEntry) },
      nameOf: (role) => {
        const name = namesById.get(role);
        return name === undefined ? {} : { roleName: name };
      },
    };
  }, [roles, fieldRules, piiRules]);
}
