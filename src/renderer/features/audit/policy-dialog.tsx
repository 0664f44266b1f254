// A policy as a form. Conditions are read while they are typed: what is wrong, and where, stands below the line at once.
import {
  Alert,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { auditEffects } from '#shared/audit/effects.ts';
import { namedActionNames } from '#shared/audit/named-actions.ts';
import { RETENTION_DAYS, type AuditPolicy, type KeptPolicy } from '#shared/audit/policy/audit-policy.ts';
import { factNames, parseCondition } from '#shared/audit/policy/condition.ts';
import { entityNames } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const fresh: AuditPolicy = {
  name: '',
  rules: [{ condition: 'is_sensitive == True', alert: true, review: true }],
  alert_on_violation: true,
  retention_days: RETENTION_DAYS.default,
  is_active: true,
};

interface PolicyDialogProps {
  /** Null: a new one. */
  readonly policy: KeptPolicy | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function useOptions() {
  const { t } = useTranslation();
  const names = useNames();
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  return {
    people: (data?.rows ?? [])
      .filter((user) => user['isActive'] !== false)
      .map((user) => ({ value: user.id, label: textOf(user['name']) })),
    kinds: entityNames.map((value) => ({ value, label: names.entity(entities[value]) })),
    actions: [
      ...auditEffects.map((value) => ({ value, label: t(`audit.effects.${value}`) })),
      ...namedActionNames.map((value) => ({ value, label: t(`audit.actions.${value}`) })),
    ],
  };
}

export function PolicyDialog({ policy, onClose, onSaved }: PolicyDialogProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const options = useOptions();
  const {
    id,
    created_at: _created,
    updated_at: _updated,
    ...kept
  } = policy ?? { ...fresh, id: undefined, created_at: '', updated_at: '' };
  const [draft, setDraft] = useState<AuditPolicy>(kept);
  const [error, setError] = useState<string | null>(null);
  const change = (part: Partial<AuditPolicy>): void => setDraft({ ...draft, ...part });
  const isGood = draft.name.trim() !== '' && draft.rules.every(({ condition }) => parseCondition(condition).ok);

  async function save(): Promise<void> {
    try {
      await invokeMain(getBridge(), 'audit.savePolicy', { ...(id === undefined ? {} : { id }), policy: draft });
      onSaved();
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <FormDialog
      isOpen
      title={t(policy === null ? 'audit.policies.add' : 'audit.policies.edit')}
      isTyped={JSON.stringify(draft) !== JSON.stringify(kept)}
      onClose={onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            <TextInput
              data-autofocus
              label={t('audit.policies.name')}
              required
              maxLength={120}
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <Textarea
              label={t('audit.policies.description')}
              maxLength={1000}
              autosize
              value={draft.description ?? ''}
              onChange={(event) => change({ description: event.currentTarget.value })}
            />
            <MultiSelect
              label={t('audit.policies.entities')}
              placeholder={t('audit.policies.all')}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              data={options.kinds}
              value={draft.applies_to_entities ?? []}
              onChange={(value) => change({ applies_to_entities: value })}
            />
            <MultiSelect
              label={t('audit.policies.actions')}
              placeholder={t('audit.policies.all')}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              data={options.actions}
              value={draft.applies_to_actions ?? []}
              onChange={(value) => change({ applies_to_actions: value })}
            />
            <Rules rules={draft.rules} onChange={(rules) => change({ rules })} />
            <Switch
              label={t('audit.policies.alert')}
              checked={draft.alert_on_violation ?? true}
              onChange={(event) => change({ alert_on_violation: event.currentTarget.checked })}
            />
            <MultiSelect
              label={t('audit.policies.recipients')}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              data={options.people}
              value={draft.alert_recipients ?? []}
              onChange={(value) => change({ alert_recipients: value })}
            />
            <NumberInput
              label={t('audit.policies.retention')}
              description={t('audit.policies.retentionText', RETENTION_DAYS)}
              min={RETENTION_DAYS.least}
              max={RETENTION_DAYS.most}
              allowDecimal={false}
              // Never the same as the other: the field would throw.
              decimalSeparator={t('common.decimalSeparator')}
              thousandSeparator={t('platform.limits.separator')}
              value={draft.retention_days ?? RETENTION_DAYS.default}
              onChange={(value) => change({ retention_days: Number(value) || RETENTION_DAYS.default })}
            />
            <Switch
              label={t('audit.policies.active')}
              checked={draft.is_active ?? true}
              onChange={(event) => change({ is_active: event.currentTarget.checked })}
            />
            {error === null ? null : (
              <Alert color="yellow" role="alert">
                {error}
              </Alert>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={!isGood}>
                {t('audit.policies.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}

function Rules(props: {
  readonly rules: AuditPolicy['rules'];
  readonly onChange: (rules: AuditPolicy['rules']) => void;
}) {
  const { t } = useTranslation();
  const { rules, onChange } = props;
  const replace = (index: number, part: Partial<AuditPolicy['rules'][number]>): void =>
    onChange(rules.map((rule, place) => (place === index ? { ...rule, ...part } : rule)));
  const problemOf = (condition: string): string | null => {
    const parsed = parseCondition(condition);
    if (parsed.ok) return null;
    const { code, at, word } = parsed.problem;
    return t(`audit.conditionProblems.${code}`, { at: at + 1, word });
  };
  return (
    <>
      {rules.map(({ condition, alert = true, review = true }, index) => (
        // Conditions have no names but their places.
        // oxlint-disable-next-line react/no-array-index-key
        <Stack key={index} gap={4}>
          <TextInput
            label={`${t('audit.policies.condition')} ${String(index + 1)}`}
            description={index === 0 ? t('audit.policies.conditionHelp', { names: factNames.join(', ') }) : undefined}
            maxLength={500}
            value={condition}
            error={problemOf(condition)}
            onChange={(event) => replace(index, { condition: event.currentTarget.value })}
          />
          <Group gap="md">
            <Checkbox
              size="xs"
              label={t('audit.policies.alert')}
              checked={alert}
              onChange={(event) => replace(index, { alert: event.currentTarget.checked })}
            />
            <Checkbox
              size="xs"
              label={t('audit.policies.review')}
              checked={review}
              onChange={(event) => replace(index, { review: event.currentTarget.checked })}
            />
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => onChange(rules.filter((_rule, place) => place !== index))}
            >
              {t('audit.policies.removeRule', { number: index + 1 })}
            </Button>
          </Group>
        </Stack>
      ))}
      <Button size="compact-xs" variant="default" onClick={() => onChange([...rules, { condition: '' }])}>
        {t('audit.policies.addRule')}
      </Button>
    </>
  );
}
