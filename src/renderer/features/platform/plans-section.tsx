import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LimitsFields, noLimitTexts, type LimitTexts } from '#renderer/features/platform/limits-fields.tsx';
import {
  isPriceReadable,
  noPriceTexts,
  PriceFields,
  toPrice,
  toPriceTexts,
  type PriceTexts,
} from '#renderer/features/platform/price-fields.tsx';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import { limitNames, UNLIMITED_PLAN, unlimitedPlan, type Limits, type Plan } from '#shared/platform/plans.ts';
import classes from './platform.module.css';

interface PlanDraft {
  readonly id: string;
  readonly name: string;
  readonly limits: LimitTexts;
  readonly price: PriceTexts;
}

const toDraft = ({ id, name, limits, price }: Plan): PlanDraft => ({
  id,
  name,
  price: toPriceTexts(price),
  limits: { ...noLimitTexts, ...Object.fromEntries(limitNames.map((key) => [key, limits[key] ?? ''])) },
});

const toPlan = ({ id, name, limits, price }: PlanDraft): Plan => ({
  id,
  name: name.trim(),
  price: toPrice(price),
  limits: Object.fromEntries(limitNames.map((key) => [key, limits[key] === '' ? null : limits[key]])) as Limits,
});

/** A name as an id that no other plan has. */
function idFor(known: readonly string[]): string {
  let no = known.length + 1;
  while (known.includes(`plan-${String(no)}`)) no += 1;
  return `plan-${String(no)}`;
}

/** Plans, their limits and their prices; an empty field is no limit, and without prices nobody is billed. */
export function PlansSection() {
  const { t } = useTranslation();
  const { answer, error, reload } = usePlatform('listPlans', {});
  const doing = useDoing();
  const [edited, setEdited] = useState<readonly PlanDraft[] | null>(null);
  useTypedForm(edited !== null);
  const planNameOf = usePlanName();
  const drafts = edited ?? (answer?.plans ?? []).map((plan) => ({ ...toDraft(plan), name: planNameOf(plan) }));
  const none = t('platform.limits.none');
  const placeholders = { users: none, records: none, storageMb: none, apiCalls: none };
  const change = (id: string, next: Partial<PlanDraft>): void =>
    setEdited(drafts.map((draft) => (draft.id === id ? { ...draft, ...next } : draft)));

  async function save(): Promise<void> {
    const usualName = planNameOf(unlimitedPlan);
    const plans = drafts
      .map(toPlan)
      .map((plan) =>
        plan.id === UNLIMITED_PLAN && plan.name === usualName ? { ...plan, name: unlimitedPlan.name } : plan,
      );
    const isDone = await doing.run(() => askPlatform('savePlans', { plans }), t('platform.plans.saved'));
    if (!isDone) return;
    setEdited(null);
    reload();
  }

  return (
    <Section name="plans" error={error} doing={doing}>
      {drafts.map((draft) => (
        <fieldset key={draft.id} className={classes.group} aria-label={draft.name || draft.id}>
          <div className={classes.row}>
            <TextInput
              label={t('platform.plans.name')}
              description={draft.id}
              maxLength={60}
              w={310}
              value={draft.name}
              onChange={(event) => change(draft.id, { name: event.currentTarget.value })}
            />
            {draft.id === UNLIMITED_PLAN ? null : (
              <Button
                size="sm"
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={14} />}
                aria-label={t('platform.plans.removeOne', { name: draft.name })}
                onClick={() => setEdited(drafts.filter(({ id }) => id !== draft.id))}
              >
                {t('platform.plans.remove')}
              </Button>
            )}
          </div>
          {draft.id === UNLIMITED_PLAN ? (
            <p className={classes.muted}>{t('platform.plans.unlimitedText')}</p>
          ) : (
            <LimitsFields
              values={draft.limits}
              placeholders={placeholders}
              of={draft.name}
              onChange={(limits) => change(draft.id, { limits })}
            />
          )}
          <PriceFields values={draft.price} of={draft.name} onChange={(price) => change(draft.id, { price })} />
        </fieldset>
      ))}
      <div className={classes.row}>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => {
            const id = idFor(drafts.map((draft) => draft.id));
            setEdited([
              ...drafts,
              { id, name: t('platform.plans.newName'), limits: noLimitTexts, price: noPriceTexts },
            ]);
          }}
        >
          {t('platform.plans.add')}
        </Button>
        <Button
          size="sm"
          loading={doing.isBusy}
          disabled={edited === null || drafts.some(({ name, price }) => name.trim() === '' || !isPriceReadable(price))}
          onClick={() => void save()}
        >
          {t('common.save')}
        </Button>
      </div>
    </Section>
  );
}
