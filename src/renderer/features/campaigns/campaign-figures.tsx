// Figures of a campaign: rates over everything that was sent and over what arrived, links, subjects, who was left out, why
// mails came back.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useRate, useReasonText } from '#renderer/features/campaigns/campaign-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { CampaignStatistics } from '#shared/campaigns/campaign-calls.ts';
import classes from './campaigns.module.css';

export interface ShownCounts {
  readonly sent: number;
  readonly opened: number;
  readonly clicked: number;
  readonly bounced: number;
  readonly failed: number;
  readonly unsubscribed: number;
  readonly complained: number;
}

/** Each figure with its rates: of all sent mails, and of those that arrived. */
export function FigureTiles({ counts }: { readonly counts: ShownCounts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = useRate();
  const { sent, bounced } = counts;
  const delivered = Math.max(0, sent - bounced);
  const ofSent = (count: number): string => t('campaigns.figures.ofSent', { rate: rate(count, sent) });
  const ofDelivered = (count: number): string => t('campaigns.figures.ofDelivered', { rate: rate(count, delivered) });
  const arrived = t('campaigns.figures.delivered', { count: delivered, formatted: format.number(delivered) });
  const tiles: readonly { readonly key: keyof ShownCounts; readonly says: readonly string[] }[] = [
    { key: 'sent', says: [arrived] },
    { key: 'opened', says: [ofSent(counts.opened), ofDelivered(counts.opened)] },
    { key: 'clicked', says: [ofSent(counts.clicked), ofDelivered(counts.clicked)] },
    { key: 'bounced', says: [ofSent(bounced)] },
    { key: 'failed', says: [t('campaigns.figures.notSent')] },
    { key: 'unsubscribed', says: [ofDelivered(counts.unsubscribed)] },
    { key: 'complained', says: [ofDelivered(counts.complained)] },
  ];
  return (
    <div>
      <dl className={classes.tiles}>
        {tiles.map(({ key, says }) => (
          <div key={key} className={classes.tile} data-figure={key} data-count={counts[key]}>
            <dt>{t(`campaigns.figures.${key}`)}</dt>
            <dd className={classes.large}>{format.number(counts[key])}</dd>
            {says.map((line) => (
              <dd key={line} className="op-muted">
                {line}
              </dd>
            ))}
          </div>
        ))}
      </dl>
      {sent === 0 ? null : <p className={classes.honest}>{t('campaigns.figures.honest')}</p>}
    </div>
  );
}

export function CampaignDetails({ stats }: { readonly stats: CampaignStatistics }) {
  const { t } = useTranslation();
  const reason = useReasonText();
  return (
    <div className={classes.panels}>
      <Links stats={stats} />
      {stats.variants.length < 2 ? null : <Variants stats={stats} />}
      <Reasons title={t('campaigns.bounceReasons')} rows={stats.bounce_reasons} word={reason} />
      <Reasons title={t('campaigns.leftOut')} rows={stats.left_out} word={reason} />
      <Reasons
        title={t('campaigns.sendTimes')}
        rows={stats.send_times.map(({ because, count }) => ({ reason: because, count }))}
        word={(because) => t(`campaigns.because.${because}`, { defaultValue: because })}
      />
    </div>
  );
}

function FigureTable(props: {
  readonly title: string;
  readonly heads: readonly string[];
  readonly children: ReactNode;
}) {
  return (
    <Panel title={props.title} isFlush>
      <table className={classes.table} aria-label={props.title}>
        <thead>
          <tr>
            {props.heads.map((head, index) => (
              <th key={head} scope="col" className={index === 0 ? undefined : 'op-number'}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </Panel>
  );
}

function Links({ stats }: { readonly stats: CampaignStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = useRate();
  if (stats.links.length === 0) return null;
  const heads = ['link', 'people', 'clicks', 'rate'].map((key) => t(`campaigns.links.${key}`));
  return (
    <FigureTable title={t('campaigns.links.title')} heads={heads}>
      {stats.links.map(({ url, people, clicks }) => (
        <tr key={url} data-link={url}>
          <th scope="row" className={classes.url} title={url}>
            {url}
          </th>
          <td className="op-number">{format.number(people)}</td>
          <td className="op-number">{format.number(clicks)}</td>
          <td className="op-number">{rate(people, stats.delivered)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}

function Variants({ stats }: { readonly stats: CampaignStatistics }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = useRate();
  const heads = [
    t('campaigns.variants.subject'),
    t('fields.campaign.totalSent'),
    t('fields.campaign.opened'),
    t('fields.campaign.clicked'),
  ];
  return (
    <FigureTable title={t('campaigns.variants.title')} heads={heads}>
      {stats.variants.map(({ variant, sent, opened, clicked }) => (
        <tr key={variant}>
          <th scope="row">
            <span className={classes.name}>
              {variant}
              {stats.winner?.variant === variant ? (
                <Pill tone="good">{t(`campaigns.variants.${stats.winner.because}`)}</Pill>
              ) : null}
            </span>
          </th>
          <td className="op-number">{format.number(sent)}</td>
          <td className="op-number">{rate(opened, sent)}</td>
          <td className="op-number">{rate(clicked, sent)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}

function Reasons(props: {
  readonly title: string;
  readonly rows: readonly { readonly reason: string; readonly count: number }[];
  readonly word: (reason: string) => string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (props.rows.length === 0) return null;
  return (
    <FigureTable title={props.title} heads={[t('campaigns.columns.reason'), t('campaigns.columns.count')]}>
      {props.rows.map(({ reason, count }) => (
        <tr key={reason} data-reason={reason}>
          <th scope="row">{props.word(reason)}</th>
          <td className="op-number">{format.number(count)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}
