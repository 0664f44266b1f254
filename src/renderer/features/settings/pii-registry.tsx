import { Group, NativeSelect, NumberInput, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import type { KnownRules } from '#renderer/blocks/use-field-rules.ts';
import type { FieldRuleCommands } from '#renderer/features/settings/use-field-rule-commands.ts';
import { isGoverned } from '#shared/access/governed-fields.ts';
import { maskSampleOf, SAMPLE_ID, SAMPLE_NAME } from '#shared/access/mask-sample.ts';
import { maskTypes, MOST_SHOWN, previewMask } from '#shared/access/masking.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { toMaskRule } from '#shared/entities/field-rule/pii-rule.ts';
import classes from './settings.module.css';

/** Who a sample points to. */
const sampleLabels = { [SAMPLE_ID]: SAMPLE_NAME };

/** Which fields are personal data, and how a field is masked wherever a role sees it masked, with the result. */
export function PiiRegistry(props: {
  readonly definition: EntityDefinition;
  readonly rules: KnownRules;
  readonly commands: FieldRuleCommands;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { definition } = props;
  const fields = Object.keys(definition.fields)
    .filter((field) => isGoverned(definition, field))
    .sort((a, b) => Number(definition.fields[b]?.pii === true) - Number(definition.fields[a]?.pii === true));
  return (
    <>
      <p className={classes.lead}>{t('settings.fields.registryText')}</p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.fields.field')}</th>
            <th scope="col">{t('settings.fields.isPii')}</th>
            <th scope="col">{t('settings.fields.maskType')}</th>
            <th scope="col">{t('settings.fields.preview')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <PiiRow key={field} {...props} field={field} label={names.field(definition, field)} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function PiiRow(props: {
  readonly definition: EntityDefinition;
  readonly rules: KnownRules;
  readonly commands: FieldRuleCommands;
  readonly field: string;
  readonly label: string;
}) {
  const { t } = useTranslation();
  const fieldText = useFieldText();
  const { definition, field, label } = props;
  const record = props.rules.piiRules.find((rule) => rule['entity'] === definition.name && rule['field'] === field);
  const isPii = record !== undefined && record['isPii'] !== false;
  const rule = toMaskRule(record ?? {});
  const { config } = rule;
  const sample = maskSampleOf(definition, field);
  const held = { [field]: sample } as unknown as AnyRecord;
  const sampleText = fieldText(definition, held, field, sampleLabels);
  const put = (values: Readonly<Record<string, unknown>>): void =>
    void props.commands.setPii(definition.name, field, { isPii, maskType: rule.maskType, ...values });
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>
        <Switch
          size="xs"
          aria-label={t('settings.fields.isPiiOf', { field: label })}
          checked={isPii}
          onChange={(event) => put({ isPii: event.currentTarget.checked })}
        />
      </td>
      <td>
        <Group gap={6} wrap="nowrap">
          <NativeSelect
            size="xs"
            aria-label={t('settings.fields.maskTypeOf', { field: label })}
            value={rule.maskType}
            data={maskTypes.map((value) => ({ value, label: t(`maskTypes.${value}`) }))}
            onChange={(event) => put({ maskType: event.currentTarget.value })}
          />
          {rule.maskType === 'partial' ? (
            <>
              {(['showFirst', 'showLast'] as const).map((name) => (
                <NumberInput
                  key={name}
                  size="xs"
                  w={64}
                  min={0}
                  max={MOST_SHOWN}
                  aria-label={t(`settings.fields.${name}`, { field: label })}
                  title={t(`settings.fields.${name}`, { field: label })}
                  value={config[name]}
                  onChange={(value) => {
                    if (typeof value === 'number') put({ config: { ...config, [name]: value } });
                  }}
                />
              ))}
              <TextInput
                size="xs"
                w={44}
                maxLength={1}
                aria-label={t('settings.fields.maskChar', { field: label })}
                title={t('settings.fields.maskChar', { field: label })}
                value={config.maskChar}
                onChange={(event) => {
                  const maskChar = event.currentTarget.value;
                  if (maskChar !== '') put({ config: { ...config, maskChar } });
                }}
              />
            </>
          ) : null}
        </Group>
      </td>
      <td>
        <span className="op-muted">{sampleText} → </span>
        <MaskedText text={previewMask(sample, rule)} />
      </td>
    </tr>
  );
}
