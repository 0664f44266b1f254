// All documents there are, of every record, found by name, kind and state.
import { Alert, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFiles, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DocumentList } from '#renderer/blocks/files/document-list.tsx';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import type { FieldFilter } from '#shared/query/filter.ts';

/** More than anybody reads; the rest is found by name. */
const MOST_SHOWN = 300;
const SEARCH_DELAY_MS = 120;
type Choice = 'documentKind' | 'status';

export function DocumentsScreen() {
  const { t } = useTranslation();
  const names = useNames();
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text, SEARCH_DELAY_MS);
  const [chosen, setChosen] = useState<Readonly<Record<Choice, string | null>>>({ documentKind: null, status: null });
  const [error, setError] = useState<string | null>(null);
  const conditions = (Object.keys(chosen) as Choice[]).flatMap((field): FieldFilter[] =>
    chosen[field] === null ? [] : [{ field, op: 'eq', value: chosen[field] }],
  );
  const { data } = useLive('list', {
    entity: 'file',
    sort: [{ field: 'createdAt', direction: 'desc' }],
    offset: 0,
    limit: MOST_SHOWN,
    ...(conditions.length === 0 ? {} : { filter: { and: conditions } }),
    ...(search.trim() === '' ? {} : { search }),
  });
  const isFiltered = conditions.length > 0 || search.trim() !== '';
  const choice = (field: Choice) => (
    <Select
      size="xs"
      aria-label={names.field(entities.file, field)}
      placeholder={names.field(entities.file, field)}
      data={(entities.file.fields[field]?.options ?? []).map(({ value }) => ({
        value,
        label: names.option(entities.file, field, value),
      }))}
      value={chosen[field]}
      onChange={(value) => setChosen((before) => ({ ...before, [field]: value }))}
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
    />
  );
  return (
    <Page
      title={t('documents.title')}
      subtitle={data === undefined ? undefined : t('documents.count', { count: data.total })}
      toolbar={
        <>
          <TextInput
            size="xs"
            leftSection={<IconSearch size={14} aria-hidden />}
            placeholder={t('documents.search')}
            aria-label={t('documents.search')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {choice('documentKind')}
          {choice('status')}
          <div style={{ flex: 1 }} />
          <ListMenu entity="file" />
        </>
      }
    >
      {error === null ? null : (
        <Alert color="red" role="alert" mb="sm">
          {error}
        </Alert>
      )}
      {data === undefined ? null : data.total === 0 ? (
        <EmptyState
          icon={<IconFiles size={28} stroke={1.4} />}
          title={t(isFiltered ? 'common.nothingFound' : 'documents.empty')}
          text={t(isFiltered ? 'documents.emptyFilter' : 'documents.emptyText')}
        />
      ) : (
        <Panel isFlush>
          <DocumentList
            rows={data.rows}
            labels={data.labels}
            canChange={() => false}
            onError={setError}
            showsRecord={() => true}
          />
        </Panel>
      )}
    </Page>
  );
}
