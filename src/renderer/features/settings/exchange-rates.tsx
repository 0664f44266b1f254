import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { CurrencyInput } from '#renderer/blocks/currency-input.tsx';
import { parseRate } from '#shared/kernel/rate.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './settings.module.css';

/** What other currencies are worth, newest first. A rate holds from its day until the next one. */
export function ExchangeRates(props: { readonly homeCurrency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const can = useCan();
  const { data } = useLive('list', {
    entity: 'exchangeRate',
    sort: [
      { field: 'day', direction: 'desc' },
      { field: 'currency', direction: 'asc' },
    ],
    offset: 0,
    limit: 1000,
  });
  const rows = data?.rows ?? [];
  const mayChange = can('create', entities.exchangeRate);

  function remove(record: LocalRecord): void {
    const input = { entity: 'exchangeRate', id: record.id };
    void run('deleteRecord', input, {
      done: t('record.deleted'),
      undo: { command: 'restoreRecord', input, entity: 'exchangeRate', ids: [record.id], left: null },
    });
  }

  return (
    <section aria-label={t('settings.figures.rates')}>
      <h2 className={classes.subtitle}>{t('settings.figures.rates')}</h2>
      <p className={classes.lead}>{t('settings.figures.ratesText', { currency: props.homeCurrency })}</p>
      {mayChange ? <AddRate homeCurrency={props.homeCurrency} rows={rows} /> : null}
      {rows.length === 0 ? (
        <p className={classes.note}>{t('settings.figures.noRates')}</p>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.figures.from')}</th>
              <th scope="col">{t('settings.figures.rate')}</th>
              {mayChange ? (
                <th scope="col">
                  <span hidden>{t('settings.figures.deleteColumn')}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const [currency, home, rate] = [
                textOf(row['currency']),
                textOf(row['homeCurrency']),
                textOf(row['rate']),
              ];
              const day = format.day(textOf(row['day']));
              return (
                <tr key={row.id} data-rate={currency}>
                  <td>
                    {day} <PendingMark pending={row.pending} />
                  </td>
                  <td>
                    {t('settings.figures.oneIs', { currency, rate, home })}
                    {home === props.homeCurrency ? null : (
                      <span className="op-muted"> {t('settings.figures.otherHome')}</span>
                    )}
                  </td>
                  {mayChange ? (
                    <td>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('settings.figures.delete', { currency, day })}
                        onClick={() => remove(row)}
                      >
                        <IconTrash size={15} aria-hidden />
                      </ActionIcon>
                    </td>
                  ) : null}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A rate for a currency and day that has one already takes its place. */
function AddRate(props: { readonly homeCurrency: string; readonly rows: readonly LocalRecord[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const { homeCurrency } = props;
  const [currency, setCurrency] = useState(homeCurrency === 'USD' ? 'EUR' : 'USD');
  const [day, setDay] = useState<string | null>(() => toLocalDay(new Date()));
  const [text, setText] = useState('');
  const rate = text.trim().replace(',', '.');
  const isRate = parseRate(rate) !== null;
  const isSame = currency === homeCurrency;

  async function add(): Promise<void> {
    if (!isRate || isSame || day === null) return;
    const existing = props.rows.find(
      (row) => row['currency'] === currency && row['homeCurrency'] === homeCurrency && row['day'] === day,
    );
    const done = { done: t('settings.saved') };
    const saved =
      existing === undefined
        ? await run('createRecord', { entity: 'exchangeRate', values: { currency, homeCurrency, day, rate } }, done)
        : await run('updateRecord', { entity: 'exchangeRate', id: existing.id, values: { rate } }, done);
    if (saved !== null) setText('');
  }

  return (
    <form
      className={classes.rateForm}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Group align="flex-start" gap="sm">
        <CurrencyInput label={t('settings.figures.foreign')} value={currency} width={110} onChange={setCurrency} />
        <FieldInput
          definition={entities.exchangeRate}
          field="day"
          value={day}
          currency={homeCurrency}
          onChange={(value) => setDay(typeof value === 'string' ? value : null)}
        />
        <TextInput
          label={t('settings.figures.rateOf', { currency, home: homeCurrency })}
          value={text}
          inputMode="decimal"
          placeholder={format.number(0.921)}
          w={150}
          error={text !== '' && !isRate ? t('problems.rate') : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" mt={24} disabled={!isRate || isSame || day === null}>
          {t('settings.figures.add')}
        </Button>
      </Group>
      {isSame ? <p role="status">{t('problems.sameCurrency')}</p> : null}
    </form>
  );
}
