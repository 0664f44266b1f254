import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { KnownRules } from '#renderer/blocks/use-field-rules.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { FieldMode } from '#shared/access/field-policy.ts';
import { ANY } from '#shared/access/governed-fields.ts';

/** Stands for the id a rule will have; only the preview asks for it. */
const NEW_ID = 'new';

export interface FieldRuleCommands {
  /** Null: no rule of its own, what the organization's default or the registry says. */
  setMode(role: string, entity: string, field: string, mode: FieldMode | null): Promise<void>;
  setStandard(mode: FieldMode): Promise<void>;
  /** Null takes the field out of the registry. */
  setPii(entity: string, field: string, values: Readonly<Record<string, unknown>> | null): Promise<void>;
}

/** Writes field rules as the ordinary records they are: saved on this computer first, offline too. */
export function useFieldRuleCommands(rules: KnownRules | null): FieldRuleCommands {
  const run = useCommand();
  const askRights = useRightsGate();

  /** Changes the first of the records and deletes the others, which two administrators wrote apart from each other. */
  async function put(
    entity: 'fieldRule' | 'piiRule',
    existing: readonly LocalRecord[],
    place: Readonly<Record<string, unknown>>,
    values: Readonly<Record<string, unknown>> | null,
  ): Promise<void> {
    const [first, ...others] = existing;
    const kept = values === null ? [] : [first];
    const gone = (values === null ? existing : others).map(({ id }) => ({ entity, id, values: null }));
    const next = values === null ? [] : [{ entity, id: first?.id ?? NEW_ID, values: { ...place, ...values } }];
    if (!(await askRights([...gone, ...next]))) return;
    for (const record of values === null ? existing : others) {
      await run('deleteRecord', { entity, id: record.id });
    }
    if (values === null) return;
    if (kept[0] === undefined) await run('createRecord', { entity, values: { ...place, ...values } });
    else await run('updateRecord', { entity, id: kept[0].id, values });
  }

  const rulesFor = (role: string, entity: string, field: string): readonly LocalRecord[] =>
    (rules?.fieldRules ?? []).filter(
      (rule) => rule['role'] === role && rule['entity'] === entity && rule['field'] === field,
    );

  return {
    setMode: (role, entity, field, mode) =>
      put('fieldRule', rulesFor(role, entity, field), { role, entity, field }, mode === null ? null : { mode }),
    setStandard: (mode) =>
      put(
        'fieldRule',
        rulesFor(ANY, ANY, ANY),
        { role: ANY, entity: ANY, field: ANY },
        // What the record allows is what holds without any rule.
        mode === 'edit' ? null : { mode },
      ),
    setPii: (entity, field, values) =>
      put(
        'piiRule',
        (rules?.piiRules ?? []).filter((rule) => rule['entity'] === entity && rule['field'] === field),
        { entity, field },
        values,
      ),
  };
}
