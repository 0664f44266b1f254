// From rules as data to the modes of one user. The same function that decides says why, so that an explanation can never
// differ from what happens. Order: administrators are unrestricted; a rule for the role decides; a field of the PII
// registry nobody wrote a rule for is masked at most; everything else takes the organization's default. A field made of
// others is never more visible than they are, unless a rule names it.
import { fieldModes, lesserMode, OTHER_CUSTOM, type FieldMode, type FieldPolicy } from '#shared/access/field-policy.ts';
import { ANY, isGoverned, isUnrestrictedRole, type FieldRule, type PiiEntry } from '#shared/access/governed-fields.ts';
import { isCustomizable, isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export interface FieldRules {
  readonly role: string;
  /** Rules of any role; those of others are passed over. */
  readonly rules: readonly FieldRule[];
  readonly pii: readonly PiiEntry[];
}

/** Why a field has its mode: what decided, and for `derived` which field it is made of. */
export interface FieldReason {
  readonly mode: FieldMode;
  readonly by: 'administrator' | 'ungoverned' | 'rule' | 'pii' | 'default' | 'derived';
  readonly from?: string;
}

/** Mode of a field for the role of these rules, and why. */
export function explainField(rules: FieldRules, entity: EntityName, field: string): FieldReason {
  if (isUnrestrictedRole(rules.role)) return { mode: 'edit', by: 'administrator' };
  const definition = entities[entity];
  const own = isGoverned(definition, field)
    ? explainGoverned(rules, entity, field)
    : ({ mode: 'edit', by: 'ungoverned' } as const);
  if (own.by === 'rule') return own;
  let reason: FieldReason = own;
  for (const input of definition.fields[field]?.derivedFrom ?? []) {
    const [from = entity, name = ''] = input.split('.');
    const { mode } = explainField(rules, from as EntityName, name);
    if ((mode === 'hidden' || mode === 'mask') && lesserMode(mode, reason.mode) !== reason.mode) {
      reason = { mode, by: 'derived', from: input };
    }
  }
  return reason;
}

/** What holds where nobody wrote a rule for the field. */
function standardMode({ rules }: FieldRules): FieldMode {
  const standard = rules.filter((rule) => rule.role === ANY);
  return standard.length === 0 ? 'edit' : leastOf(standard);
}

function explainGoverned(rules: FieldRules, entity: EntityName, field: string): FieldReason {
  const named = rules.rules.filter(
    (rule) => rule.role === rules.role && rule.entity === entity && rule.field === field,
  );
  if (named.length > 0) return { mode: leastOf(named), by: 'rule' };
  const mode = standardMode(rules);
  const isPii = rules.pii.some((entry) => entry.isPii && entry.entity === entity && entry.field === field);
  if (isPii && lesserMode('mask', mode) === 'mask' && mode !== 'mask') return { mode: 'mask', by: 'pii' };
  return { mode, by: 'default' };
}

/** Two administrators may have written the same rule apart from each other: the stricter one holds. */
function leastOf(rules: readonly FieldRule[]): FieldMode {
  return rules.reduce<FieldMode>(
    (least, { mode }) => lesserMode(least, fieldModes.includes(mode) ? mode : 'hidden'),
    'edit',
  );
}

/** Nearly every organization asks this at nearly every request. */
function hasEffect({ role, rules, pii }: FieldRules): boolean {
  return rules.some((rule) => rule.role === role || rule.role === ANY) || pii.some(({ isPii }) => isPii);
}

/** Custom fields that something was decided about, and one mode for all others. */
function customModes(rules: FieldRules, { name, fields }: EntityDefinition): readonly (readonly [string, FieldMode])[] {
  if (!isCustomizable(name)) return [];
  const others = standardMode(rules);
  const named = [...rules.rules, ...rules.pii]
    .filter(({ entity, field }) => entity === name && isCustomSlot(field) && Object.hasOwn(fields, field))
    .map(({ field }) => [field, explainField(rules, name, field).mode] as const)
    .filter(([, mode]) => mode !== others);
  return [[OTHER_CUSTOM, others], ...named];
}

/** The policy of one role: only entities that something restricts, only fields that are visible. */
export function compileFieldPolicy(rules: FieldRules): FieldPolicy {
  if (isUnrestrictedRole(rules.role) || !hasEffect(rules)) return {};
  const policy: Partial<Record<EntityName, Readonly<Record<string, FieldMode>>>> = {};
  for (const definition of Object.values(entities)) {
    const modes = Object.keys(definition.fields).map(
      (field) => [field, explainField(rules, definition.name, field).mode] as const,
    );
    const custom = customModes(rules, definition);
    if ([...modes, ...custom].every(([, mode]) => mode === 'edit')) continue;
    policy[definition.name] = Object.fromEntries([...modes.filter(([, mode]) => mode !== 'hidden'), ...custom]);
  }
  return policy;
}
