// Field rules: for one kind of records, what each role may do with each field, and which fields are personal data. The
// grid shows what holds now, whatever decides it; choosing a mode writes a rule, choosing "as by default" takes it away.
import { SegmentedControl, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldRules } from '#renderer/blocks/use-field-rules.ts';
import { FieldGrid } from '#renderer/features/settings/field-grid.tsx';
import { MaskingLog } from '#renderer/features/settings/masking-log.tsx';
import { PiiRegistry } from '#renderer/features/settings/pii-registry.tsx';
import { useFieldRuleCommands } from '#renderer/features/settings/use-field-rule-commands.ts';
import type { Actor } from '#shared/access/actor.ts';
import { fieldModes } from '#shared/access/field-policy.ts';
import { ANY, governedEntities, isUnrestrictedRole, type GovernedEntity } from '#shared/access/governed-fields.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './settings.module.css';

type Part = 'rules' | 'registry' | 'log';

export function FieldsSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const names = useNames();
  const definitions = useDefinitions();
  const [entity, setEntity] = useState<GovernedEntity>('contact');
  const [part, setPart] = useState<Part>('rules');
  const [isRestrictedOnly, setRestrictedOnly] = useState(false);
  const rules = useFieldRules();
  const commands = useFieldRuleCommands(rules);
  if (!isUnrestrictedRole(props.actor.role)) {
    return (
      <>
        <h1>{t('settings.fields.title')}</h1>
        <p>{t('settings.fields.administrators')}</p>
      </>
    );
  }
  if (rules === null) return null;
  const standard = rules.data.rules.find(({ role }) => role === ANY)?.mode ?? 'edit';
  return (
    <>
      <h1>{t('settings.fields.title')}</h1>
      <p className={classes.lead}>{t('settings.fields.text')}</p>
      <div className={classes.toolbar}>
        <SegmentedControl
          size="xs"
          aria-label={t('settings.fields.title')}
          value={part}
          onChange={(value) => setPart(value)}
          data={(['rules', 'registry', 'log'] as const).map((value) => ({
            value,
            label: t(`settings.fields.parts.${value}`),
          }))}
        />
        {part === 'log' ? null : (
          <Select
            size="xs"
            w={170}
            aria-label={t('settings.fields.records')}
            allowDeselect={false}
            data={governedEntities.map((value) => ({ value, label: names.entities(entities[value]) }))}
            value={entity}
            onChange={(value) => setEntity(value ?? 'contact')}
          />
        )}
        {part === 'rules' ? (
          <>
            <Select
              size="xs"
              w={230}
              aria-label={t('settings.fields.standard')}
              allowDeselect={false}
              data={fieldModes.toReversed().map((value) => ({
                value,
                label: t('settings.fields.standardIs', { mode: t(`fieldModes.${value}`) }),
              }))}
              value={standard}
              onChange={(mode) => void commands.setStandard(mode ?? 'edit')}
            />
            <Switch
              size="xs"
              label={t('settings.fields.restrictedOnly')}
              checked={isRestrictedOnly}
              onChange={(event) => setRestrictedOnly(event.currentTarget.checked)}
            />
          </>
        ) : null}
      </div>
      {part === 'rules' ? (
        <FieldGrid
          definition={definitions[entity]}
          rules={rules}
          isRestrictedOnly={isRestrictedOnly}
          commands={commands}
        />
      ) : null}
      {part === 'registry' ? <PiiRegistry definition={definitions[entity]} rules={rules} commands={commands} /> : null}
      {part === 'log' ? <MaskingLog /> : null}
    </>
  );
}
