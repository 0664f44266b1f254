// What is decided about one organization: whether it is answered, what it may use, which features it has.
import { Alert, Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { LimitsFields, noLimitTexts, type LimitTexts } from '#renderer/features/platform/limits-fields.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import { featureNames, type FeatureName } from '#shared/platform/features.ts';
import { limitNames, type OwnLimits } from '#shared/platform/plans.ts';
import type { PlatformOrganization } from '#shared/platform/platform-messages.ts';
import classes from './platform.module.css';

interface DialogProps {
  readonly organization: PlatformOrganization;
  readonly onClose: () => void;
  /** It was done, in words. */
  readonly onDone: (said: string) => void;
}

function textsOf(own: OwnLimits): LimitTexts {
  return { ...noLimitTexts, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null)) };
}

/** An empty field is as in the plan; what was unlimited for this organization alone stays so until a number is entered. */
function ownOf(texts: LimitTexts, before: OwnLimits): OwnLimits {
  return Object.fromEntries(
    limitNames.flatMap((name): [string, number | null][] => {
      const value = texts[name];
      if (value !== '') return [[name, value]];
      return before[name] === null ? [[name, null]] : [];
    }),
  );
}

export function OrganizationDialog(props: DialogProps) {
  const { t } = useTranslation();
  const { organization, onClose, onDone } = props;
  const plans = usePlatform('listPlans', {});
  const planNameOf = usePlanName();
  const doing = useDoing();
  const [planId, setPlanId] = useState(organization.planId);
  const [texts, setTexts] = useState(textsOf(organization.ownLimits));
  const [features, setFeatures] = useState<Readonly<Partial<Record<FeatureName, boolean>>>>(organization.ownFeatures);
  const plan = plans.answer?.plans.find(({ id }) => id === planId);
  const limits = ownOf(texts, organization.ownLimits);
  const isSubscribed =
    planId !== organization.planId || JSON.stringify(limits) !== JSON.stringify(organization.ownLimits);
  const isSwitched = JSON.stringify(features) !== JSON.stringify(organization.ownFeatures);
  const format = useFormat();
  const placeholders = Object.fromEntries(
    limitNames.map((name) => {
      const limit = organization.ownLimits[name] === null ? null : (plan?.limits[name] ?? null);
      return [name, limit === null ? t('platform.limits.none') : format.number(limit)];
    }),
  ) as Record<(typeof limitNames)[number], string>;

  async function save(): Promise<void> {
    const { id } = organization;
    const isDone = await doing.run(async () => {
      if (isSubscribed) await askPlatform('setSubscription', { id, planId, limits });
      if (isSwitched) await askPlatform('setOrganizationFeatures', { id, features });
    }, '');
    if (isDone) onDone(t('platform.organizations.saved', { name: organization.name }));
  }

  return (
    <FormDialog isOpen title={organization.name} isTyped={isSubscribed || isSwitched} onClose={onClose}>
      {(cancel) => (
        <Stack gap="md">
          {doing.error === null ? null : (
            <Alert color="yellow" role="alert">
              {doing.error}
            </Alert>
          )}
          <Suspension {...props} />
          <Select
            label={t('platform.organizations.plan')}
            data={(plans.answer?.plans ?? []).map((one) => ({ value: one.id, label: planNameOf(one) }))}
            value={planId}
            allowDeselect={false}
            onChange={(value) => setPlanId(value ?? planId)}
          />
          <div>
            <Text size="sm" fw={540} mb={6}>
              {t('platform.organizations.ownLimits')}
            </Text>
            <LimitsFields values={texts} placeholders={placeholders} of={organization.name} onChange={setTexts} />
          </div>
          <FeatureChoices features={features} onChange={setFeatures} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={cancel}>
              {t('common.cancel')}
            </Button>
            <Button loading={doing.isBusy} disabled={!isSubscribed && !isSwitched} onClick={() => void save()}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}

function Suspension({ organization, onDone }: DialogProps) {
  const { t } = useTranslation();
  const doing = useDoing();
  const [reason, setReason] = useState('');
  const { id, name, state, stateReason, isOperator } = organization;
  if (isOperator) return <p className={classes.muted}>{t('platform.organizations.operatorText')}</p>;
  const isActive = state === 'active';

  async function change(): Promise<void> {
    const isDone = await doing.run(
      () =>
        isActive
          ? askPlatform('suspendOrganization', { id, reason: reason.trim() })
          : askPlatform('resumeOrganization', { id }),
      '',
    );
    if (isDone)
      onDone(t(isActive ? 'platform.organizations.suspendedNow' : 'platform.organizations.resumedNow', { name }));
  }

  return (
    <div>
      <p className={classes.muted}>
        {isActive
          ? t('platform.organizations.suspendText')
          : t('platform.organizations.isSuspended', { reason: stateReason })}
      </p>
      {doing.error === null ? null : <Alert color="yellow">{doing.error}</Alert>}
      <div className={classes.row}>
        {isActive ? (
          <TextInput
            label={t('platform.organizations.reason')}
            maxLength={200}
            w={260}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <Button
          size="sm"
          variant="default"
          {...(isActive ? { color: 'red' } : {})}
          loading={doing.isBusy}
          disabled={isActive && reason.trim() === ''}
          onClick={() => void change()}
        >
          {t(isActive ? 'platform.organizations.suspend' : 'platform.organizations.resume')}
        </Button>
      </div>
    </div>
  );
}

function FeatureChoices(props: {
  readonly features: Readonly<Partial<Record<FeatureName, boolean>>>;
  readonly onChange: (features: Readonly<Partial<Record<FeatureName, boolean>>>) => void;
}) {
  const { t } = useTranslation();

  function choose(name: FeatureName, choice: string): void {
    const rest = Object.fromEntries(Object.entries(props.features).filter(([other]) => other !== name));
    props.onChange(choice === 'rule' ? rest : { ...rest, [name]: choice === 'on' });
  }

  return (
    <div>
      <Text size="sm" fw={540} mb={6}>
        {t('platform.features.title')}
      </Text>
      <table className={classes.table}>
        <tbody>
          {featureNames.map((name) => {
            const own = props.features[name];
            return (
              <tr key={name}>
                <td>{t(`platform.features.names.${name}`)}</td>
                <td>
                  <SegmentedControl
                    size="xs"
                    aria-label={t(`platform.features.names.${name}`)}
                    value={own === undefined ? 'rule' : own ? 'on' : 'off'}
                    data={(['rule', 'on', 'off'] as const).map((value) => ({
                      value,
                      label: t(`platform.features.choice.${value}`),
                    }))}
                    onChange={(choice) => choose(name, choice)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
