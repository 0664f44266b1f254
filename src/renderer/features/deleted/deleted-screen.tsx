// Recently deleted: what can still be brought back when the word with its Undo is long gone. The list is the server's, since
// a computer keeps nothing of what is deleted; restoring is a command like any other and waits for a connection if it must.
import { Button, Select, TextInput } from '@mantine/core';
import { IconCloudOff, IconRestore, IconSearch, IconTrash } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { useTitles } from '#renderer/blocks/use-titles.ts';
import { DeletedTable } from '#renderer/features/deleted/deleted-table.tsx';
import { placeOf, useDeleted } from '#renderer/features/deleted/use-deleted.ts';
import { useRestore } from '#renderer/features/deleted/use-restore.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { RESTORABLE_DAYS, restorableKinds, type DeletedRecord } from '#shared/sync/deleted-messages.ts';
import classes from './deleted.module.css';

const none: readonly DeletedRecord[] = [];

/** Names of those who deleted something, as far as this computer knows them. */
function usePeople(records: readonly DeletedRecord[]): (userId: string) => string | undefined {
  const places = useMemo(
    () => [...new Set(records.flatMap(({ deletedBy }) => deletedBy ?? []))].map((id) => ({ coll: 'people', id })),
    [records],
  );
  const titles = useTitles(places);
  return (userId) => titles.get(`people/${userId}`)?.title;
}

export function DeletedScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const isOnline = useIsOnline();
  const [params, setParams] = useSearchParams();
  const { list, error, isReading, read, take } = useDeleted();
  const restore = useRestore();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const records = list?.records ?? none;
  const nameOf = usePeople(records);

  const kind = restorableKinds.find((one) => one === params.get('entity')) ?? null;
  const words = search.trim().toLowerCase();
  const shown = records.filter(
    (record) =>
      (kind === null || record.entity === kind) && (words === '' || (record.title ?? '').toLowerCase().includes(words)),
  );
  // Only what is on the screen is restored.
  const picked = shown.filter((record) => chosen.has(placeOf(record)));
  const offered = restorableKinds.filter((one) => one === kind || records.some(({ entity }) => entity === one));
  const isFiltered = kind !== null || words !== '';

  function showKind(next: string | null): void {
    setParams(next === null ? {} : { entity: next }, { replace: true });
  }

  async function bringBack(wanted: readonly DeletedRecord[]): Promise<void> {
    const place = shown.findIndex((record) => wanted.includes(record));
    const restored = await restore(wanted);
    if (restored.length === 0) return;
    take(restored);
    setChosen((known) => new Set([...known].filter((one) => !restored.some((record) => placeOf(record) === one))));
    // The button that was pressed goes with its row: the next row's takes the focus, or the box above.
    const left = shown.filter((record) => !restored.includes(record));
    const next = left[Math.min(place, left.length - 1)];
    const row = next && body.current?.querySelector<HTMLElement>(`[data-deleted="${CSS.escape(next.id)}"] button`);
    (row ?? box.current)?.focus();
  }

  return (
    <Page
      title={t('nav.deleted')}
      subtitle={
        list === null || records.length === 0
          ? t('deleted.subtitle', { days: RESTORABLE_DAYS })
          : `${t('list.count', { count: shown.length, formatted: format.number(shown.length) })} · ${t('deleted.subtitle', { days: RESTORABLE_DAYS })}`
      }
      actions={
        picked.length === 0 ? null : (
          <Button leftSection={<IconRestore size={15} />} onClick={() => void bringBack(picked)}>
            {t('deleted.restoreChosen', { count: picked.length })}
          </Button>
        )
      }
      toolbar={
        list === null ? undefined : (
          <>
            <TextInput
              ref={box}
              size="xs"
              w={220}
              leftSection={<IconSearch size={14} />}
              placeholder={t('list.search')}
              aria-label={t('list.search')}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <Select
              size="xs"
              w={170}
              clearable
              placeholder={t('deleted.allKinds')}
              aria-label={t('deleted.columns.kind')}
              clearButtonProps={{ 'aria-label': t('deleted.allKinds') }}
              data={offered.map((one) => ({ value: one, label: names.entities(entities[one]) }))}
              value={kind}
              onChange={showKind}
            />
          </>
        )
      }
    >
      <div ref={body}>
        {list === null && (error !== null || !isOnline) && !isReading ? (
          <EmptyState
            icon={<IconCloudOff size={32} stroke={1.4} />}
            title={t(isOnline ? 'deleted.notRead' : 'deleted.needsServer')}
            text={isOnline && error !== null ? error : t('deleted.needsServerText')}
            action={{ label: t('deleted.tryAgain'), onClick: read }}
          />
        ) : null}
        {list === null && isReading ? <p role="status">{t('deleted.reading')}</p> : null}
        {list !== null && shown.length === 0 ? (
          <EmptyState
            icon={isFiltered ? <IconSearch size={32} stroke={1.4} /> : <IconTrash size={32} stroke={1.4} />}
            title={t(isFiltered ? 'deleted.noneMatch' : 'deleted.empty')}
            text={t(isFiltered ? 'deleted.noneMatchText' : 'deleted.emptyText', { days: RESTORABLE_DAYS })}
            action={
              isFiltered && records.length > 0
                ? {
                    label: t('list.clearFilter'),
                    onClick: () => {
                      setSearch('');
                      showKind(null);
                    },
                  }
                : undefined
            }
          />
        ) : null}
        {shown.length === 0 ? null : (
          <Panel isFlush>
            <DeletedTable
              records={shown}
              chosen={chosen}
              nameOf={nameOf}
              onChoose={setChosen}
              onRestore={(record) => void bringBack([record])}
            />
            {list?.hasMore === true ? (
              <p className={classes.more}>{t('deleted.hasMore', { formatted: format.number(records.length) })}</p>
            ) : null}
          </Panel>
        )}
      </div>
    </Page>
  );
}
