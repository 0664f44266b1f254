// What waits for a decision: refused changes with everything that was typed, and values that lost a merge.
import { IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { DamagedOutbox } from '#renderer/blocks/mail/damaged-outbox.tsx';
import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';
import { useFailedRuns } from '#renderer/blocks/use-failed-runs.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ConflictCard } from '#renderer/features/attention/conflict-card.tsx';
import { DamageCard } from '#renderer/features/attention/damage-card.tsx';
import { FailedRunCard } from '#renderer/features/attention/failed-run-card.tsx';
import { RefusedCard } from '#renderer/features/attention/refused-card.tsx';
import { followersOf } from '#renderer/features/attention/followers-of.ts';
import { RefusedFileCard } from '#renderer/features/attention/refused-file-card.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import type { RefusedFile } from '#shared/ipc/file-state.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import classes from './attention.module.css';

function useAttentionItems(): readonly AttentionItem[] | null {
  const [items, setItems] = useState<readonly AttentionItem[] | null>(null);
  useEffect(() => {
    let isStopped = false;
    const read = (): void => {
      void invokeMain(getBridge(), 'attention.list', {}).then((list) => {
        if (!isStopped) setItems(list);
      });
    };
    read();
    const stop = getBridge().on('attention.changed', read);
    return () => {
      isStopped = true;
      stop();
    };
  }, []);
  return items;
}

/** Files without an item of their own: what the server refused after it had taken their announcement. */
function useRefusedFiles(items: readonly AttentionItem[] | null): readonly RefusedFile[] {
  const [files, setFiles] = useState<readonly RefusedFile[]>([]);
  useEffect(() => {
    let isStopped = false;
    const read = (): void => {
      void invokeMain(getBridge(), 'files.refused', {}).then((list) => {
        if (!isStopped) setFiles(list);
      });
    };
    read();
    const stop = getBridge().on('files.changed', read);
    return () => {
      isStopped = true;
      stop();
    };
  }, []);
  return files.filter(({ id }) => !(items ?? []).some(({ operation }) => operation.recordId === id));
}

export function AttentionScreen() {
  const { t } = useTranslation();
  const items = useAttentionItems();
  const files = useRefusedFiles(items);
  const { data } = useLive('list', {
    entity: 'conflict',
    filter: { and: [{ field: 'state', op: 'eq', value: 'open' }] },
    // What is to be decided before what is only told.
    sort: [
      { field: 'severity', direction: 'desc' },
      { field: 'createdAt', direction: 'desc' },
    ],
    offset: 0,
    limit: 200,
  });
  const conflicts = data?.rows ?? [];
  const runs = useFailedRuns();
  const outboxDamage = useMailbox().state?.outboxDamage ?? null;
  const isEmpty =
    items?.length === 0 && data?.total === 0 && files.length === 0 && runs.length === 0 && outboxDamage === null;
  // Work that only waits for a refused change is shown below it, not as a problem of its own.
  const known = new Set((items ?? []).map((item) => item.operation.opId));
  const causes = (items ?? []).filter((item) => item.causedBy === null || !known.has(item.causedBy));
  return (
    <Page title={t('nav.attention')} subtitle={t('attention.subtitle')}>
      {isEmpty ? (
        <EmptyState
          icon={<IconCircleCheck size={34} stroke={1.4} />}
          title={t('attention.empty')}
          text={t('attention.emptyText')}
        />
      ) : null}
      <div className={classes.list}>
        {outboxDamage === null ? null : <DamagedOutbox damage={outboxDamage} />}
        {causes.map((item) =>
          item.operation.kind === 'void' ? (
            <DamageCard key={item.id} item={item} />
          ) : (
            <RefusedCard key={item.id} item={item} followers={followersOf(items ?? [], item.operation.opId)} />
          ),
        )}
        {runs.map((run) => (
          <FailedRunCard key={run.id} run={run} />
        ))}
        {files.map((file) => (
          <RefusedFileCard key={file.id} file={file} />
        ))}
        {conflicts.map((conflict) => (
          <ConflictCard key={conflict.id} conflict={conflict} labels={data?.labels ?? {}} />
        ))}
      </div>
    </Page>
  );
}
