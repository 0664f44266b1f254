// What an organization's own fields mean for a conversion: which of the lead go along, and which of the new records are still
// to be filled in.
import { Checkbox, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { carriedFields, carriedValue } from '#shared/entities/custom-field/carry-fields.ts';
import { isBlank } from '#shared/entities/validate-record.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export type ConversionTarget = 'account' | 'contact' | 'deal';
/** What becomes of each; `none` is left out. */
export type ConversionModes = Readonly<Partial<Record<ConversionTarget, 'new' | 'existing'>>>;

interface Carried {
  readonly from: string;
  readonly label: string;
  readonly targets: readonly { readonly target: ConversionTarget; readonly to: string }[];
}

export function useCarriedFields(lead: LocalRecord, modes: ConversionModes) {
  const { t } = useTranslation();
  const names = useNames();
  const definitions = useDefinitions();
  const fieldModes = useFieldModes();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [entered, setEntered] = useState<Readonly<Record<string, unknown>>>({});
  const chosen = Object.keys(modes) as ConversionTarget[];

  const carried = new Map<string, Carried>();
  for (const target of chosen) {
    for (const { from, to } of carriedFields(definitions.lead, definitions[target])) {
      const [source, place] = [definitions.lead.fields[from], definitions[target].fields[to]];
      if (source === undefined || place === undefined || fieldModes.modeOf(definitions[target], to) !== 'edit')
        continue;
      if (carriedValue(source, place, lead[from]) === null) continue;
      const known = carried.get(from)?.targets ?? [];
      carried.set(from, { from, label: source.label, targets: [...known, { target, to }] });
    }
  }
  const goesAlong = (target: ConversionTarget, slot: string): boolean =>
    [...carried.values()].some(
      ({ from, targets }) => !left.has(from) && targets.some((each) => each.target === target && each.to === slot),
    );
  const asked = chosen
    .filter((target) => modes[target] === 'new')
    .flatMap((target) =>
      Object.entries(definitions[target].fields)
        .filter(
          ([field, { isCustom, required }]) => isCustom === true && required === true && !goesAlong(target, field),
        )
        .filter(([field]) => fieldModes.modeOf(definitions[target], field) === 'edit')
        .map(([field]) => ({ target, field, key: `${target}.${field}` })),
    );

  return {
    isTyped: left.size > 0 || Object.keys(entered).length > 0,
    isComplete: asked.every(({ key }) => !isBlank(entered[key])),
    /** For the command. */
    without: [...carried.values()].flatMap(({ from, targets }) =>
      left.has(from) ? targets.map(({ target, to }) => `${target}.${to}`) : [],
    ),
    valuesOf: (target: ConversionTarget) =>
      Object.fromEntries(asked.filter((each) => each.target === target).map(({ field, key }) => [field, entered[key]])),
    fields: (
      <>
        {carried.size === 0 ? null : (
          <Stack gap={6} role="group" aria-label={t('lead.carried')}>
            <Text size="sm" fw={540}>
              {t('lead.carried')}
            </Text>
            {[...carried.values()].map(({ from, label, targets }) => (
              <Checkbox
                key={from}
                size="xs"
                label={t('lead.carriedTo', {
                  field: label,
                  records: targets.map(({ target }) => names.entity(definitions[target])).join(', '),
                })}
                checked={!left.has(from)}
                onChange={(event) => {
                  const isKept = event.currentTarget.checked;
                  setLeft(
                    (before) => new Set(isKept ? [...before].filter((each) => each !== from) : [...before, from]),
                  );
                }}
              />
            ))}
          </Stack>
        )}
        {asked.map(({ target, field, key }) => (
          <FieldInput
            key={key}
            definition={definitions[target]}
            field={field}
            value={entered[key] ?? null}
            currency={textOf(lead['currency']) || 'EUR'}
            onChange={(value) => setEntered((before) => ({ ...before, [key]: value }))}
          />
        ))}
      </>
    ),
  };
}
