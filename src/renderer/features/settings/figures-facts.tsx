import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { Facts } from '#renderer/ui/facts.tsx';
import { highValueThresholdOf, weekdays } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';

/** What the organization decided about its figures, for whoever may not change it. */
export function FiguresFacts() {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const { record, figures } = useOrganization();
  const threshold = highValueThresholdOf(record);
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'long' });
  const days = figures.workingDays.flatMap((day) => weekdays[day - 1] ?? []);
  const facts = [
    ['fiscalYearStart', month.format(new Date(2026, figures.fiscalYearStart - 1, 1))],
    [
      'workingDays',
      new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(
        days.map((day) => names.option(entities.organization, 'workingDays', day)),
      ),
    ],
    ['highValueThreshold', threshold === null ? '' : format.money(threshold, figures.currency)],
  ] as const;
  return (
    <Facts
      facts={[
        { name: t('settings.figures.currency'), text: figures.currency },
        ...facts.map(([field, text]) => ({ name: names.field(entities.organization, field), text })),
      ]}
    />
  );
}
