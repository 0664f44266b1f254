// Everything that happened to a record, grouped by day: what people logged, what changed, what was attached and agreed.
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconNote, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import type { TimelineQuery } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { EventWords } from '#renderer/features/records/timeline/event-parts.ts';
import { STEP, TimelineList } from '#renderer/features/records/timeline/timeline-list.tsx';
import { TimelineToolbar, type TimelineChoice } from '#renderer/features/records/timeline/timeline-toolbar.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import classes from './timeline.module.css';

const everything: TimelineChoice = { kinds: [], personId: null, text: '', withHidden: false };
const nothing: readonly string[] = [];
const historyEntities = ['account', 'contact', 'lead', 'deal'] as const;
const SEARCH_DELAY_MS = 120;

/** What a timeline asks as long as nobody chose anything. */
export function firstQuestion(entity: EntityName, id: string): TimelineQuery {
  return { entity, id, ...everything, textFields: nothing, offset: 0, limit: STEP };
}

/** Fields whose label has the words in it, so that “website” finds what was changed there. */
function useFieldsNamed(text: string): readonly string[] {
  const definitions = useDefinitions();
  const names = useNames();
  return useMemo(() => {
    const words = text.trim().toLowerCase();
    if (words.length < 2) return nothing;
    return historyEntities.flatMap((entity) =>
      Object.keys(definitions[entity].fields)
        .filter((field) => names.field(definitions[entity], field).toLowerCase().includes(words))
        .map((field) => `${entity}.${field}`),
    );
  }, [definitions, names, text]);
}

export function Timeline(props: { readonly entity: EntityName; readonly id: string; readonly stageLabels: Labels }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const fieldText = useFieldText();
  const definitions = useDefinitions();
  const { stageLabels } = props;
  const [choice, setChoice] = useState<TimelineChoice>(everything);
  const [offset, setOffset] = useState(0);
  const [text] = useDebouncedValue(choice.text, SEARCH_DELAY_MS);
  const textFields = useFieldsNamed(text);
  const { data } = useLive('timeline', {
    ...firstQuestion(props.entity, props.id),
    ...choice,
    text,
    textFields,
    offset,
    // What is asked for first is what a window shows.
    limit: offset === 0 ? STEP : 3 * STEP,
  });
  const words = useMemo((): EventWords | null => {
    if (data === undefined) return null;
    const hidden = new Set(choice.withHidden ? [] : data.hiddenFields);
    const labels = { ...stageLabels, ...data.labels };
    return { t, format, names, fieldText, definitions, labels, hidden };
  }, [data, choice.withHidden, stageLabels, t, format, names, fieldText, definitions]);

  function change(next: TimelineChoice): void {
    setOffset(0);
    setChoice(next);
  }

  const isFiltered = choice.kinds.length > 0 || choice.personId !== null || choice.text !== '';
  const isEmpty = data !== undefined && data.total === 0;
  return (
    <Panel title={t('timeline.title')}>
      {data === undefined || (isEmpty && !isFiltered) ? null : (
        <TimelineToolbar data={data} choice={choice} onChange={change} />
      )}
      {isEmpty && isFiltered ? (
        <div className={classes.none} role="status">
          <IconSearch size={16} aria-hidden />
          <span>{t('timeline.noneFound')}</span>
          <Button variant="subtle" size="compact-xs" onClick={() => change(everything)}>
            {t('timeline.showAll')}
          </Button>
        </div>
      ) : null}
      {isEmpty && !isFiltered ? (
        <EmptyState
          icon={<IconNote size={28} stroke={1.4} />}
          title={t('timeline.empty')}
          text={t('timeline.emptyText')}
        />
      ) : null}
      {data !== undefined && words !== null && !isEmpty ? (
        <TimelineList data={data} words={words} subjectId={props.id} onRange={setOffset} />
      ) : null}
    </Panel>
  );
}
