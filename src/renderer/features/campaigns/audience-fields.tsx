// To whom it goes: saved views, everybody, people picked one by one; how many that are, and why each of the others gets none.
import { Alert, Button, MultiSelect, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { usePolledCampaigns } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { ReferencesInput } from '#renderer/blocks/references-input.tsx';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { useReasonText } from '#renderer/features/campaigns/campaign-words.ts';
import { useSegments } from '#renderer/features/campaigns/use-people.ts';
import { audienceEntities, type Audience, type AudienceEntity, type AudiencePart } from '#shared/campaigns/audience.ts';
import type { FollowUp } from '#shared/campaigns/follow-up.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './campaigns.module.css';

const COUNT_AFTER_MS = 400;
const COUNT_AGAIN_MS = 60_000;
const ALL = 'all:';

const isPicked = ({ ids }: AudiencePart): boolean => ids !== undefined;
const keyOfPart = ({ entity, viewId }: AudiencePart): string => (viewId === undefined ? `${ALL}${entity}` : viewId);

export function AudienceFields(props: {
  readonly audience: Audience;
  /** How many this computer finds, before anybody is left out. */
  readonly picked: number;
  readonly onChange: (audience: Audience) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const segments = useSegments();
  const { audience, onChange } = props;
  const chosen = audience.parts.filter((part) => !isPicked(part));

  function setSegments(keys: readonly string[]): void {
    const kept = chosen.filter((part) => keys.includes(keyOfPart(part)));
    const added = keys
      .filter((key) => !chosen.some((part) => keyOfPart(part) === key))
      .map((key): AudiencePart => {
        const everybody = audienceEntities.find((entity) => key === `${ALL}${entity}`);
        if (everybody !== undefined) return { entity: everybody, filter: { and: [] } };
        const view = segments.find(({ id }) => id === key);
        return { entity: view?.['entity'] === 'lead' ? 'lead' : 'contact', viewId: key };
      });
    onChange({ ...audience, parts: [...kept, ...added, ...audience.parts.filter(isPicked)] });
  }

  function setPicked(entity: AudienceEntity, ids: readonly string[]): void {
    const others = audience.parts.filter((part) => !isPicked(part) || part.entity !== entity);
    onChange({ ...audience, parts: ids.length === 0 ? others : [...others, { entity, ids }] });
  }

  const groups = audienceEntities.map((entity) => ({
    group: names.entities(entities[entity]),
    items: [
      { value: `${ALL}${entity}`, label: t(`campaigns.audience.all.${entity}`) },
      ...segments
        .filter((view) => view['entity'] === entity)
        .map((view) => ({ value: view.id, label: textOf(view['name']) })),
    ],
  }));
  const isOffered = (key: string): boolean => groups.some(({ items }) => items.some(({ value }) => value === key));
  const lost = chosen.map(keyOfPart).filter((key) => !isOffered(key));
  const data =
    lost.length === 0
      ? groups
      : [
          ...groups,
          {
            group: t('campaigns.audience.gone'),
            items: lost.map((value) => ({ value, label: t('common.notAvailable') })),
          },
        ];
  return (
    <Stack gap="sm">
      <MultiSelect
        label={t('campaigns.audience.segments')}
        description={t('campaigns.audience.segmentsHint')}
        placeholder={chosen.length === 0 ? t('common.choose') : ''}
        searchable
        hidePickedOptions
        nothingFoundMessage={t('common.nothingFound')}
        classNames={{ groupLabel: 'op-muted' }}
        data={data}
        value={chosen.map(keyOfPart)}
        onChange={setSegments}
      />
      <div className={classes.pair}>
        {audienceEntities.map((entity) => (
          <ReferencesInput
            key={entity}
            entity={entity}
            label={t(`campaigns.audience.picked.${entity}`)}
            labels={{}}
            value={audience.parts.find((part) => isPicked(part) && part.entity === entity)?.ids ?? []}
            onChange={(ids) => setPicked(entity, ids)}
          />
        ))}
      </div>
      {audience.without.length === 0 ? null : (
        <div className={classes.line}>
          <span className="op-muted">{t('campaigns.audience.without', { count: audience.without.length })}</span>
          <Button size="compact-xs" variant="subtle" onClick={() => onChange({ ...audience, without: [] })}>
            {t('campaigns.audience.takeBack')}
          </Button>
        </div>
      )}
      {audience.parts.length === 0 ? null : <Count audience={audience} picked={props.picked} />}
    </Stack>
  );
}

function Count(props: { readonly audience: Audience; readonly picked: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isOnline = useIsOnline();
  const [settled] = useDebouncedValue(props.audience, COUNT_AFTER_MS);
  if (!isOnline) {
    return (
      <p className={classes.count} role="status">
        {t('campaigns.audience.offline', { count: props.picked, formatted: format.number(props.picked) })}
      </p>
    );
  }
  return <ServerCount key={JSON.stringify(settled)} audience={settled} />;
}

/** What the server counts, with the rights of whoever asks. */
export function ServerCount(props: { readonly audience: Audience; readonly follows?: FollowUp | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonText();
  const { data, error } = useAudienceCount(props.audience, props.follows ?? null);
  if (data === null) {
    return error === null ? (
      <p className={classes.count} role="status">
        {t('campaigns.audience.counting')}
      </p>
    ) : (
      <Alert color="yellow" role="alert">
        {error}
      </Alert>
    );
  }
  const left = data.leftOut.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={classes.count} role="status" data-recipients={data.recipients}>
      <p>
        <strong>
          {t('campaigns.audience.get', { count: data.recipients, formatted: format.number(data.recipients) })}
        </strong>
        {left === 0 ? null : ` · ${t('campaigns.audience.left', { count: left, formatted: format.number(left) })}`}
      </p>
      {left === 0 ? null : (
        <ul className={classes.reasons}>
          {data.leftOut.map(({ reason: why, count }) => (
            <li key={why} data-reason={why}>
              <span>{reason(why)}</span>
              <span className="op-number">{format.number(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function useAudienceCount(audience: Audience, follows: FollowUp | null) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const of = follows === null ? {} : { follows: { campaignId: follows.campaignId, when: follows.when } };
  return usePolledCampaigns('countAudience', { audience, timeZone, ...of }, COUNT_AGAIN_MS);
}
