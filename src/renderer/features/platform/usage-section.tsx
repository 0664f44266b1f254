import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf, useFormat } from '#renderer/app/format/format.ts';
import { MonthInput } from '#renderer/blocks/month-input.tsx';
import { saveTextFile } from '#renderer/blocks/save-text-file.ts';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { usePlatform } from '#renderer/features/platform/use-platform.ts';
import { sumBills, type Bill } from '#shared/platform/billing.ts';
import { toUsageCsv } from '#shared/platform/usage-csv.ts';
import classes from './platform.module.css';

const nameOf = (ending: string): string => `usage-${new Date().toISOString().slice(0, 10)}.${ending}`;

/** Use by month, for bills. */
export function UsageSection() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [from, setFrom] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const { answer, error } = usePlatform('readUsage', {
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  });
  const planNameOf = usePlanName();
  const rows = (answer?.rows ?? []).map((row) => ({
    ...row,
    planName: planNameOf({ id: row.plan, name: row.planName }),
  }));
  const saveCsv = (): void => saveTextFile(nameOf('csv'), 'text/csv', toUsageCsv(rows, localeOf(i18n.language)));
  const sums = sumBills(rows.map(({ bill }) => bill));
  const moneyOf = ({ currency, total }: { readonly currency: string; readonly total: string }): string =>
    format.money(Number(total.replace('.', '')), currency);
  const linesOf = ({ currency, lines }: Bill): string =>
    lines
      .map(({ kind, quantity, amount }) =>
        t(`platform.usage.lines.${kind}`, { count: quantity, amount: moneyOf({ currency, total: amount }) }),
      )
      .join('\n');
  return (
    <Section
      name="usage"
      error={error}
      actions={
        <Group gap="xs">
          <Button variant="default" disabled={rows.length === 0} onClick={saveCsv}>
            {t('platform.usage.csv')}
          </Button>
          <Button
            variant="default"
            disabled={rows.length === 0}
            onClick={() => saveTextFile(nameOf('json'), 'application/json', `${JSON.stringify(rows, null, 1)}\n`)}
          >
            {t('platform.usage.json')}
          </Button>
        </Group>
      }
    >
      <div className={classes.row}>
        <MonthInput label={t('platform.usage.from')} value={from} onChange={setFrom} />
        <MonthInput label={t('platform.usage.until')} value={until} onChange={setUntil} />
      </div>
      {answer !== null && rows.length === 0 ? <p className={classes.muted}>{t('platform.usage.none')}</p> : null}
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t('platform.usage.month')}</th>
            <th>{t('platform.organizations.name')}</th>
            <th>{t('platform.organizations.plan')}</th>
            <th className={classes.number}>{t('platform.limits.users')}</th>
            <th className={classes.number}>{t('platform.limits.records')}</th>
            <th className={classes.number}>{t('platform.organizations.storage')}</th>
            <th className={classes.number}>{t('platform.limits.apiCalls')}</th>
            <th className={classes.number}>{t('platform.usage.amount')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.month} ${row.organization}`}>
              <td>{format.shortMonth(row.month)}</td>
              <td>{row.name}</td>
              <td>{row.planName}</td>
              <td className={classes.number}>{format.number(row.users)}</td>
              <td className={classes.number}>{format.number(row.records)}</td>
              <td className={classes.number}>{format.bytes(row.bytes)}</td>
              <td className={classes.number}>{format.number(row.apiCalls)}</td>
              <td className={classes.number} title={row.bill === null ? undefined : linesOf(row.bill)}>
                {row.bill === null ? '–' : moneyOf(row.bill)}
              </td>
            </tr>
          ))}
        </tbody>
        {sums.length === 0 ? null : (
          <tfoot>
            {sums.map((sum) => (
              <tr key={sum.currency}>
                <th scope="row" colSpan={7}>
                  {t('platform.usage.sum', { currency: sum.currency })}
                </th>
                <td className={classes.number}>{moneyOf(sum)}</td>
              </tr>
            ))}
          </tfoot>
        )}
      </table>
    </Section>
  );
}
