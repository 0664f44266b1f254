import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { ChangedDeal, DealThen, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import { isGoodChange } from '#renderer/features/changes/changes-charts.tsx';
import classes from './changes.module.css';

/** The deals behind the bars, with what each was before and after. */
export function DealTable(props: { readonly data: PipelineChangeResult }) {
  const { t } = useTranslation();
  const format = useFormat();
  const stages = useStageLabels();
  const { data } = props;
  const money = (value: number | null): string => (value === null ? '' : format.money(value, data.currency));
  const stageOf = ({ stageId, status }: DealThen): string =>
    stageId === null ? t('changes.unknownStage') : (stages[stageId] ?? status ?? '');
  const person = (id: string | null): string =>
    id === null ? t('changes.nobody') : (data.labels[id] ?? t('common.notAvailable'));
  const columns = [
    { key: 'stage', read: stageOf },
    { key: 'amount', read: ({ value }: DealThen) => money(value) },
    { key: 'closeDate', read: ({ closeDate }: DealThen) => format.day(closeDate) },
    { key: 'owner', read: ({ ownerId }: DealThen) => person(ownerId) },
  ] as const;
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={t('changes.deals')} data-testid="changed-deals">
        <thead>
          <tr>
            <th scope="col">{t('changes.deal')}</th>
            <th scope="col">{t('changes.kind')}</th>
            <th scope="col" className="op-number">
              {t('changes.effect')}
            </th>
            {columns.map(({ key }) => (
              <th key={key} scope="col">
                {t(`changes.columns.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.deals.map((deal) => (
            <tr key={`${deal.dealId} ${deal.kind}`} data-kind={deal.kind}>
              <th scope="row">
                <Link className={classes.link} to={`/deals/${deal.dealId}`} draggable={false}>
                  {data.labels[deal.dealId] ?? t('common.notAvailable')}
                </Link>
              </th>
              <td>{t(`changes.kinds.${deal.kind}`)}</td>
              <td className="op-number" data-tone={toneOf(deal)}>
                {format.money(deal.value, data.currency)}
              </td>
              {columns.map(({ key, read }) => (
                <td key={key}>
                  <BeforeAfter deal={deal} read={read} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function toneOf({ kind, value }: ChangedDeal): 'good' | 'bad' | undefined {
  if (value === 0) return undefined;
  return isGoodChange(kind, value) ? 'good' : 'bad';
}

function BeforeAfter(props: { readonly deal: ChangedDeal; readonly read: (then: DealThen) => string }) {
  const { t } = useTranslation();
  const { deal, read } = props;
  const after = read(deal.after);
  const before = deal.before === null ? after : read(deal.before);
  if (before === after) return <>{after}</>;
  return (
    <>
      <span className={classes.before}>{before === '' ? t('changes.nothing') : before}</span>
      <span aria-hidden> → </span>
      <span className={classes.hidden}>{t('changes.became')}</span>
      <span>{after === '' ? t('changes.nothing') : after}</span>
    </>
  );
}
