// One line of the registry of personal data: how a field is masked wherever somebody sees it masked, and whether it is
// personal data at all. Personal data is masked for every role that no rule grants it to.
import { isGovernableName, isGovernedEntity, type PiiEntry } from '#shared/access/governed-fields.ts';
import { maskConfigOf, maskTypes, MOST_SHOWN, type MaskRule } from '#shared/access/masking.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export const piiRule = defineEntity({
  name: 'piiRule',
  collection: 'catalog',
  label: 'Personal data',
  labelPlural: 'Registry of personal data',
  titleField: 'field',
  audience: 'owner',
  fields: {
    entity: { type: 'text', label: 'Records', required: true, maxLength: 32 },
    field: { type: 'text', label: 'Field', required: true, maxLength: 64 },
    isPii: { type: 'boolean', label: 'Personal data', defaultValue: true },
    maskType: {
      type: 'select',
      label: 'Masked by',
      required: true,
      defaultValue: 'redact',
      options: toOptions({
        redact: 'Dots',
        partial: 'First and last characters',
        hash: 'Fingerprint',
        encrypt: 'Cipher',
        tokenize: 'Token',
      }),
    },
    config: { type: 'json', label: 'How' },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    entity: 'immutable',
    field: 'immutable',
    isPii: 'current',
    maskType: 'current',
    config: 'current',
  },
  validate(record): readonly FieldProblem[] {
    if (!isGovernedEntity(String(record['entity'])) || !isGovernableName(String(record['field']))) {
      return [{ field: 'field', code: 'ungoverned', message: 'There can be no rule for this field.' }];
    }
    const config: unknown = record['config'] ?? {};
    const isReadable = isPlainObject(config) && Object.entries(config).every(([key, value]) => isSetting(key, value));
    if (isReadable) return [];
    const message = `Show at most ${MOST_SHOWN} characters of either end, and mask with one character.`;
    return [{ field: 'config', code: 'maskConfig', message }];
  },
});
export type PiiRule = RecordOf<typeof piiRule>;

function isSetting(key: string, value: unknown): boolean {
  if (key === 'maskChar') return typeof value === 'string' && Array.from(value).length === 1;
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_SHOWN;
  return (key === 'showFirst' || key === 'showLast') && isCount;
}

export function toPiiEntry(record: Readonly<Record<string, unknown>>): PiiEntry {
  return { entity: String(record['entity']), field: String(record['field']), isPii: record['isPii'] !== false };
}

export function toMaskRule(record: Readonly<Record<string, unknown>>): MaskRule {
  const maskType = maskTypes.find((known) => known === record['maskType']) ?? 'redact';
  return { maskType, config: maskConfigOf(record['config']) };
}
