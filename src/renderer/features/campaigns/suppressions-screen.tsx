// Addresses nothing is sent to any more, and why. Who unsubscribed or complained cannot be put back by anybody else.
import { Alert, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMailOff, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { CampaignTabs, useMayPublish } from '#renderer/features/campaigns/campaign-tabs.tsx';
import { useInstantOf, useReasonText } from '#renderer/features/campaigns/campaign-words.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import type { SuppressionLine } from '#shared/campaigns/campaign-calls.ts';
import classes from './campaigns.module.css';

export function SuppressionsScreen() {
  const { t } = useTranslation();
  const isOnline = useIsOnline();
  const mayPublish = useMayPublish();
  return (
    <Page title={t('campaigns.title')} toolbar={<CampaignTabs current="suppressions" />}>
      {!mayPublish ? (
        <EmptyState
          icon={<IconMailOff size={28} stroke={1.4} />}
          title={t('campaigns.mayNotPublish')}
          text={t('campaigns.suppressions.mayNot')}
        />
      ) : isOnline ? (
        <Suppressions />
      ) : (
        <EmptyState
          icon={<IconMailOff size={28} stroke={1.4} />}
          title={t('campaigns.needsServer')}
          text={t('campaigns.suppressions.offline')}
        />
      )}
    </Page>
  );
}

function Suppressions() {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonText();
  const instantOf = useInstantOf();
  const list = useCampaignCall();
  const changing = useCampaignCall();
  const [search, setSearch] = useState('');
  const [settled] = useDebouncedValue(search, 200);
  const [turn, setTurn] = useState(0);
  const [lines, setLines] = useState<readonly SuppressionLine[] | null>(null);
  const [total, setTotal] = useState(0);
  const [next, setNext] = useState<string | null>(null);

  async function read(behind: string | null, isStale: () => boolean): Promise<void> {
    const answer = await list.ask('listSuppressions', { search: settled, ...(behind === null ? {} : { behind }) });
    if (answer === null || isStale()) return;
    setLines((known) => (behind === null ? answer.suppressions : [...(known ?? []), ...answer.suppressions]));
    setTotal(answer.total);
    setNext(answer.next);
  }

  useEffect(() => {
    let isStale = false;
    void read(null, () => isStale);
    return () => {
      isStale = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [settled, turn]);

  async function allow(address: string): Promise<void> {
    if ((await changing.ask('removeSuppression', { address })) !== null) setTurn((known) => known + 1);
  }
  const error = changing.error ?? list.error;

  return (
    <div className={classes.stack}>
      {error === null ? null : (
        <Alert color="yellow" role="alert">
          {error}
        </Alert>
      )}
      <AddForm onAdded={() => setTurn((known) => known + 1)} />
      <Panel
        isFlush
        title={t('campaigns.suppressions.title', { count: total, formatted: format.number(total) })}
        actions={
          <TextInput
            size="xs"
            w={220}
            aria-label={t('campaigns.suppressions.search')}
            placeholder={t('campaigns.suppressions.search')}
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        }
      >
        {lines === null ? null : lines.length === 0 ? (
          <p className={classes.none}>{t(settled === '' ? 'campaigns.suppressions.empty' : 'common.nothingFound')}</p>
        ) : (
          <table className={classes.table} aria-label={t('campaigns.tabs.suppressions')}>
            <thead>
              <tr>
                <th scope="col">{t('campaigns.suppressions.address')}</th>
                <th scope="col">{t('campaigns.columns.reason')}</th>
                <th scope="col">{t('campaigns.suppressions.since')}</th>
                <th scope="col" aria-label={t('campaigns.suppressions.allow')} />
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={line.address} data-address={line.address} data-reason={line.reason}>
                  <th scope="row" data-selectable>
                    {line.address}
                  </th>
                  <td>{reason(line.reason)}</td>
                  <td className="op-muted">{instantOf(line.at)}</td>
                  <td className="op-number">
                    {['bounced', 'blocked'].includes(line.reason) ? (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={t('campaigns.suppressions.allowOne', { address: line.address })}
                        loading={changing.isAsking}
                        onClick={() => void allow(line.address)}
                      >
                        {t('campaigns.suppressions.allow')}
                      </Button>
                    ) : (
                      <span className="op-muted">{t('campaigns.suppressions.own')}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {next === null ? null : (
          <div className={classes.more}>
            <Button size="xs" variant="subtle" loading={list.isAsking} onClick={() => void read(next, () => false)}>
              {t('campaigns.recipients.more')}
            </Button>
          </div>
        )}
      </Panel>
    </div>
  );
}

function AddForm(props: { readonly onAdded: () => void }) {
  const { t } = useTranslation();
  const { ask, isAsking, error } = useCampaignCall();
  const [address, setAddress] = useState('');
  const isAddress = isMailAddress(plainAddress(address));

  async function add(): Promise<void> {
    if ((await ask('addSuppression', { address: address.trim() })) === null) return;
    setAddress('');
    props.onAdded();
  }
  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (isAddress) void add();
      }}
    >
      <TextInput
        w={300}
        label={t('campaigns.suppressions.add')}
        description={t('campaigns.suppressions.addHint')}
        error={error ?? undefined}
        value={address}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!isAddress} loading={isAsking}>
        {t('campaigns.suppressions.addButton')}
      </Button>
    </form>
  );
}
