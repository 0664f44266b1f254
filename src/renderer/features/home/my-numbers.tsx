import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import classes from './home.module.css';

/** Four numbers a seller looks for; a manager sees those of everything visible. */
export function MyNumbers(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isOwn = props.actor.role === 'sales_rep';
  const mine: readonly FieldFilter[] = isOwn ? [{ field: 'ownerId', op: 'eq', value: props.actor.userId }] : [];
  const open = useLive('aggregate', {
    entity: 'deal',
    filter: { and: [...mine, { field: 'status', op: 'eq', value: 'open' }] },
    groupBy: null,
    sums: ['amount', 'weighted'],
  });
  const soon = useLive('aggregate', {
    entity: 'deal',
    filter: {
      and: [...mine, { field: 'status', op: 'eq', value: 'open' }, { field: 'closeDate', op: 'withinDays', value: 30 }],
    },
    groupBy: null,
    sums: ['amount'],
  });
  const won = useLive('aggregate', {
    entity: 'deal',
    filter: {
      and: [...mine, { field: 'status', op: 'eq', value: 'won' }, { field: 'closeDate', op: 'withinDays', value: -90 }],
    },
    groupBy: null,
    sums: ['amount'],
  });
  const row = (answer: typeof open) => answer.data?.groups[0];
  const numbers = [
    { key: 'open', value: row(open)?.sums['amount'], count: row(open)?.count },
    { key: 'weighted', value: row(open)?.sums['weighted'], count: undefined },
    { key: 'closing', value: row(soon)?.sums['amount'], count: row(soon)?.count },
    { key: 'won', value: row(won)?.sums['amount'], count: row(won)?.count },
  ];
  return (
    <div className={classes.numbers}>
      {numbers.map(({ key, value, count }) => (
        <div key={key} className={classes.number}>
          <div className={classes.numberLabel} title={t(`home.numbers.${key}Hint`)}>
            {t(`home.numbers.${key}`)}
          </div>
          <div className={classes.numberValue}>{format.money(value ?? 0, 'EUR', 'short')}</div>
          <div className={classes.numberNote}>
            {count === undefined ? ' ' : t('home.numbers.deals', { count, formatted: format.number(count) })}
          </div>
        </div>
      ))}
    </div>
  );
}
