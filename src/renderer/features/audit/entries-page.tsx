// What happened: by filters and words, as a table or as a story, each entry with what it changed; and a file of what is shown.
import { Alert, Button, SegmentedControl } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { EntryDetail } from '#renderer/features/audit/entry-detail.tsx';
import { EntryFilters } from '#renderer/features/audit/entry-filters.tsx';
import { EntryTable } from '#renderer/features/audit/entry-table.tsx';
import { EntryTimeline } from '#renderer/features/audit/entry-timeline.tsx';
import { MakeFileMenu } from '#renderer/features/audit/make-file-menu.tsx';
import { NOTHING, useAnswer } from '#renderer/features/audit/use-answer.ts';
import { useEntries } from '#renderer/features/audit/use-entries.ts';
import { toFilter } from '#renderer/features/audit/wish.ts';
import classes from './audit.module.css';

export function EntriesPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => toFilter(search), [search]);
  const shown = useEntries(filter);
  const { value: policies } = useAnswer('audit.policies', NOTHING);
  const [selected, setSelected] = useState<number | null>(() => Number(search.get('upTo')) || null);
  const names = useMemo(() => new Map((policies ?? []).map(({ id, name }) => [id, name])), [policies]);
  const isTimeline = search.get('view') === 'timeline';
  const change = useCallback(
    (name: string, value: string | null) =>
      setSearch((now) => {
        const next = new URLSearchParams(now);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      }),
    [setSearch],
  );
  const line = shown.entries?.find(({ no }) => no === selected) ?? null;
  const List = isTimeline ? EntryTimeline : EntryTable;
  return (
    <div className={classes.split}>
      <div
        className={classes.page}
        // It scrolls, and may hold nothing to focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={t('audit.tabs.entries')}
      >
        <h1>{t('audit.tabs.entries')}</h1>
        <EntryFilters key={search.get('id') ?? ''} search={search} onChange={change} onClear={() => setSearch({})} />
        <div className={classes.toolbar}>
          <SegmentedControl
            size="xs"
            aria-label={t('audit.entries.view')}
            data={(['table', 'timeline'] as const).map((value) => ({ value, label: t(`audit.entries.${value}`) }))}
            value={isTimeline ? 'timeline' : 'table'}
            onChange={(value) => change('view', value)}
          />
          <MakeFileMenu wish={{ query: filter }} />
          <Narrowed search={search} name={shown.entries?.[0]?.name ?? null} onDrop={(name) => change(name, null)} />
        </div>
        {shown.error === null ? null : (
          <Alert color="yellow" mb="md" role="alert">
            {shown.error}
          </Alert>
        )}
        {shown.entries === null && shown.error === null ? <p role="status">{t('audit.entries.loading')}</p> : null}
        {shown.entries?.length === 0 ? <p role="status">{t('audit.entries.none')}</p> : null}
        {shown.entries === null || shown.entries.length === 0 ? null : (
          <List entries={shown.entries} selected={selected} onSelect={setSelected} />
        )}
        {shown.hasOlder ? (
          <Button mt="md" size="xs" variant="default" onClick={shown.readOlder}>
            {t('audit.entries.older')}
          </Button>
        ) : null}
      </div>
      {line === null ? null : (
        <EntryDetail
          line={line}
          policies={names}
          onReviewed={shown.replace}
          onClose={() => setSelected(null)}
          onShow={(filters) => setSearch(filters)}
        />
      )}
    </div>
  );
}

/** What cannot be chosen among the filters, but was asked for: one record, one session, what was before an entry. */
function Narrowed(props: {
  readonly search: URLSearchParams;
  readonly name: string | null;
  readonly onDrop: (name: string) => void;
}) {
  const { t } = useTranslation();
  const id = props.search.get('id');
  const upTo = props.search.get('upTo');
  return (
    <>
      {id === null ? null : (
        <Button size="xs" variant="light" onClick={() => props.onDrop('id')} title={t('audit.filters.drop')}>
          {t('audit.filters.oneRecord', { name: props.name ?? id })} ✕
        </Button>
      )}
      {upTo === null ? null : (
        <Button size="xs" variant="light" onClick={() => props.onDrop('upTo')} title={t('audit.filters.drop')}>
          {t('audit.filters.upTo', { no: Number(upTo) })} ✕
        </Button>
      )}
      {props.search.get('session') === null ? null : (
        <Button size="xs" variant="light" onClick={() => props.onDrop('session')} title={t('audit.filters.drop')}>
          {t('audit.filters.oneSession')} ✕
        </Button>
      )}
    </>
  );
}
