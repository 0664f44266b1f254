// What a goal says in the user's language: what it measures, when, its numbers and how it stands.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { periodName } from '#renderer/blocks/period-name.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import type { GoalFigure, GoalView } from '#shared/analytics/goals/goal-question.ts';
import { periodTypes, type Period } from '#shared/kernel/periods.ts';
import type { GoalMetric, GoalWindow } from '#shared/entities/goal/goal.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

export interface Measured {
  readonly metric: GoalMetric;
  readonly activityType: string | null;
  readonly counted: EntityName;
}

export interface GoalWords {
  measure(of: Measured): string;
  window(type: GoalWindow, window: Period): string;
  /** Minor units of the organization's currency, or a number with at most one digit after the comma. */
  amount(value: number, isMoney: boolean, style?: 'full' | 'short'): string;
  percent(share: number | null): string;
  /** “€12K of €20K”, or why there is no number. */
  figure(view: GoalView): string;
  /** Why somebody is told no standing; null where one is told. */
  reason(view: GoalView): string | null;
  subject(view: GoalView): string;
}

export function useGoalWords(): GoalWords {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { currency, fiscalYearStart } = useOrganization().figures;
  return useMemo(() => {
    const amount: GoalWords['amount'] = (value, isMoney, style = 'full') =>
      isMoney ? format.money(Math.round(value), currency, style) : format.number(Math.round(value * 10) / 10);
    const unseen = ({ entity, fields }: Extract<GoalFigure, { readonly kind: 'unseen' }>): string => {
      const named = fields.map((field) => names.field(entities[entity], field)).join(', ');
      return t('goals.unseen', { entities: names.entities(entities[entity]), fields: named });
    };
    return {
      amount,
      measure: ({ metric, activityType, counted }) => {
        if (metric === 'activities' && activityType !== null)
          return t('goals.activitiesOf', { type: names.option(entities.activity, 'activityType', activityType) });
        if (metric === 'recordCount') return t('goals.countOf', { entities: names.entities(entities[counted]) });
        return names.option(entities.goal, 'metric', metric);
      },
      window: (type, window) => {
        const known = periodTypes.find((each) => each === type);
        if (known !== undefined) return periodName(known, window, i18n.language, fiscalYearStart);
        return `${format.day(window.start)} – ${format.day(window.end)}`;
      },
      percent: (share) => (share === null ? '–' : format.percent(Math.round(share * 100))),
      figure: ({ figure, target, isMoney }) => {
        const whole = amount(target, isMoney, 'short');
        if (figure.kind === 'ready')
          return t('goals.ofTarget', { actual: amount(figure.actual, isMoney, 'short'), target: whole });
        if (figure.kind === 'part')
          return t('goals.yourPart', { actual: amount(figure.actual, isMoney, 'short'), target: whole });
        return t('goals.targetAlone', { target: whole });
      },
      reason: ({ figure }) => {
        if (figure.kind === 'ready') return null;
        if (figure.kind === 'part') return t('goals.partText');
        return figure.kind === 'unseen' ? unseen(figure) : t('goals.noRate', { currency });
      },
      subject: ({ subject }) => subject.name ?? t('common.notAvailable'),
    };
  }, [t, i18n.language, format, names, currency, fiscalYearStart]);
}
