import { UnstyledButton } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppDispatch } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { sumsByCurrency } from '#renderer/blocks/sums-by-currency.ts';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import classes from './home.module.css';

/** Four numbers a seller looks for, each opens its deals; a manager sees those of everything visible. */
export function MyNumbers(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const format = useFormat();
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const isFirstSync = useIsFirstSync();
  const isOwn = props.actor.role === 'sales_rep';
  const mine: readonly FieldFilter[] = isOwn ? [{ field: 'ownerId', op: 'eq', value: props.actor.userId }] : [];
  const isOpen: readonly FieldFilter[] = [...mine, { field: 'status', op: 'eq', value: 'open' }];
  const filters = {
    open: isOpen,
    closing: [...isOpen, { field: 'closeDate', op: 'withinDays', value: 30 }],
    won: [...mine, { field: 'status', op: 'eq', value: 'won' }, { field: 'closeDate', op: 'withinDays', value: -90 }],
  } as const satisfies Readonly<Record<string, readonly FieldFilter[]>>;
  // What somebody does not see cannot be added up for them.
  const fieldModes = useFieldModes();
  const seesAmount = fieldModes.isKnown(entities.deal, 'amount');
  const seesWeighted = seesAmount && fieldModes.isKnown(entities.deal, 'probability');
  const groupBy = fieldModes.isKnown(entities.deal, 'currency') ? 'currency' : null;
  const figures = [...(seesAmount ? ['amount'] : []), ...(seesWeighted ? ['weighted'] : [])];
  const question = (and: readonly FieldFilter[]) =>
    ({ entity: 'deal', filter: { and }, groupBy, sums: figures }) as const;
  const open = useLive('aggregate', question(filters.open));
  const soon = useLive('aggregate', question(filters.closing));
  const won = useLive('aggregate', question(filters.won));
  const numbers = [
    { key: 'open', answer: open, sum: 'amount', filter: filters.open },
    { key: 'weighted', answer: open, sum: 'weighted', filter: filters.open },
    { key: 'closing', answer: soon, sum: 'amount', filter: filters.closing },
    { key: 'won', answer: won, sum: 'amount', filter: filters.won },
  ] as const;

  function showDeals(and: readonly FieldFilter[]): void {
    dispatch(listViewChanged({ list: 'deals', change: { ...emptyListView, filter: { and } } }));
    void navigate('/deals');
  }

  return (
    <div className={classes.numbers}>
      {numbers.map(({ key, answer: { data }, sum, filter }) => {
        const count = (data?.groups ?? []).reduce((all, group) => all + group.count, 0);
        const sums = sumsByCurrency(data?.groups ?? [], sum).map(({ amount, currency }) =>
          format.money(amount, currency, 'short'),
        );
        // Nothing is not zero: while the records arrive, or the question is open, there is no number yet.
        const isUnseen = !(sum === 'weighted' ? seesWeighted : seesAmount);
        const isUnknown = data === undefined || (isFirstSync && count === 0);
        return (
          <UnstyledButton
            key={key}
            className={classes.number}
            title={[t(`home.numbers.${key}Hint`), ...(sums.length > 1 ? [sums.join(' + ')] : [])].join('\n')}
            onClick={() => showDeals(filter)}
          >
            <span className={classes.numberLabel}>{t(`home.numbers.${key}`)}</span>
            <span className={classes.numberValue}>
              {isUnseen ? <IconEyeOff size={18} role="img" aria-label={t('common.notAvailable')} /> : null}
              {isUnseen ? null : isUnknown ? '–' : sums[0]}
              {isUnseen || isUnknown || sums.length < 2 ? null : (
                <span className={classes.otherSums}>{` + ${sums.slice(1).join(' + ')}`}</span>
              )}
            </span>
            <span className={classes.numberNote}>
              {isUnknown ? ' ' : t('home.numbers.deals', { count, formatted: format.number(count) })}
            </span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
