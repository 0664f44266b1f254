// What a territory holds, as far as this user sees it. Sums of different currencies stand beside each other.
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { AggregateQuery, AggregateResult } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { sumsByCurrency } from '#renderer/blocks/sums-by-currency.ts';
import classes from './territories.module.css';

function dealsIn(counted: readonly string[], status: string): AggregateQuery {
  const filter = {
    and: [
      { field: 'status', op: 'eq', value: status },
      { field: 'territoryId', op: 'in', value: counted },
    ],
  } as const;
  return { entity: 'deal', groupBy: 'currency', sums: ['amount', 'weighted'], filter };
}

export function TerritoryFigures(props: { readonly accounts: number; readonly counted: readonly string[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const open = useLive('aggregate', dealsIn(props.counted, 'open')).data;
  const won = useLive('aggregate', dealsIn(props.counted, 'won')).data;
  const count = (result: AggregateResult | undefined) =>
    result === undefined ? '–' : format.number(result.groups.reduce((all, group) => all + group.count, 0));
  const money = (result: AggregateResult | undefined, sum: 'amount' | 'weighted') =>
    result === undefined
      ? '–'
      : sumsByCurrency(result.groups, sum)
          .map(({ amount, currency }) => format.money(amount, currency, 'short'))
          .join(' + ');
  const figures = [
    ['accounts', format.number(props.accounts)],
    ['open', count(open)],
    ['pipeline', money(open, 'amount')],
    ['weighted', money(open, 'weighted')],
    ['won', money(won, 'amount')],
  ] as const;
  return (
    <Panel title={props.counted.length > 1 ? t('territories.figuresBelow') : t('territories.figures')}>
      <dl className={classes.figures}>
        {figures.map(([name, text]) => (
          <div key={name}>
            <dt>{t(`territories.figure.${name}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
