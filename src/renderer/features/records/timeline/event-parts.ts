// What an event of a timeline says: a line about what happened, and, where several fields changed at once, a line for each.
import type { TFunction } from 'i18next';
import type { Format } from '#renderer/app/format/format.ts';
import type { FieldText } from '#renderer/blocks/field-text.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { recipientsOf, senderOf } from '#renderer/features/records/timeline/mail-parts.ts';
import { changeSentence } from '#renderer/features/records/timeline/change-sentence.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { isCutValue } from '#shared/audit/audited-values.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { documentName } from '#shared/entities/file/document-versions.ts';
import { subjectOfChange } from '#shared/entities/field-change/kept-changes.ts';
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import { fieldsTold } from '#shared/timeline/ask-timeline.ts';
import type { TimelineEvent } from '#shared/timeline/timeline-event.ts';
import type { Names } from '#shared/words/names.ts';

export interface EventWords {
  readonly t: TFunction;
  readonly format: Format;
  readonly names: Names;
  readonly fieldText: FieldText;
  readonly definitions: Definitions;
  readonly labels: Labels;
  /** Fields whose changes are left out. */
  readonly hidden: ReadonlySet<string>;
}

export interface ChangedField {
  readonly label: string;
  readonly from: string;
  readonly to: string;
}

const NOTHING = '—';
/** More of a text says no more on one line. */
const MOST_OF_A_TEXT = 120;

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_OF_A_TEXT ? `${line.slice(0, MOST_OF_A_TEXT)}…` : line;
}

function valueText(words: EventWords, definition: EntityDefinition, part: unknown, field: string): string {
  const values = isPlainObject(part) ? part : {};
  const value = values[field];
  if (isCutValue(value)) return shorten(`${value.$cut}…`);
  if (value === null || value === undefined || value === '') return NOTHING;
  return shorten(words.fieldText(definition, values as AnyRecord, field, words.labels)) || NOTHING;
}

/** Fields of an entry, in the order of the record's page. */
export function changedFieldsOf(words: EventWords, event: TimelineEvent<LocalRecord>): readonly ChangedField[] {
  const { record } = event;
  const subject = subjectOfChange(record);
  if (subject === null) return [];
  const definition = words.definitions[subject.entity];
  const told = (fieldsTold(event, null) ?? []).filter((name) => !words.hidden.has(name));
  return told.map((name) => {
    const field = name.slice(subject.entity.length + 1);
    return {
      label: words.names.field(definition, field),
      from: valueText(words, definition, record['before'], field),
      to: valueText(words, definition, record['after'], field),
    };
  });
}

export function changeText({ t }: EventWords, { label, from, to }: ChangedField): string {
  return t('timeline.change', { field: label, from, to });
}

/** What a mail was about; without that, only that there was one. */
function mailTitle({ t }: EventWords, { content }: TimelineEvent<LocalRecord>): string {
  if (content === undefined) return t('timeline.mail');
  return recordTitle(content) || t('mailbox.noSubject');
}

/** Whom a mail came from, or whom it went to. */
export function betweenWhom({ t }: EventWords, { record }: TimelineEvent<LocalRecord>): string {
  if (record['direction'] !== 'outbound') {
    const from = senderOf(record);
    return from === '' ? '' : t('timeline.mailFrom', { from });
  }
  const { names, others } = recipientsOf(record);
  if (names === '') return '';
  return others === 0 ? t('timeline.mailTo', { to: names }) : t('timeline.mailToOthers', { to: names, count: others });
}

export function eventTitle(words: EventWords, event: TimelineEvent<LocalRecord>): string {
  const { t, names, labels, definitions } = words;
  const { record } = event;
  const stage = (id: unknown): string => (typeof id === 'string' ? (labels[id] ?? id) : '');
  switch (event.kind) {
    case 'stage':
      return record['fromStage'] === null || record['fromStage'] === undefined
        ? t('timeline.stageFirst', { to: stage(record['toStage']) })
        : t('timeline.stage', { from: stage(record['fromStage']), to: stage(record['toStage']) });
    case 'change': {
      if (record.kind === 'stageChange') return changeSentence(words, record);
      const fields = changedFieldsOf(words, event);
      const [only] = fields;
      return fields.length === 1 && only !== undefined
        ? changeText(words, only)
        : t('timeline.changes', { count: fields.length });
    }
    case 'created':
      return t('timeline.created', { entity: names.entity(definitions[record.kind]) });
    case 'conversion':
      return t('timeline.converted', { name: recordTitle(record) });
    case 'task':
      return t(record['status'] === 'done' ? 'timeline.taskDone' : 'timeline.task', {
        subject: textOf(record['subject']),
      });
    case 'conflict':
      return t(record['state'] === 'resolved' ? 'timeline.conflictResolved' : 'timeline.conflict');
    case 'file':
      return t(textOf(record['documentId']) === '' ? 'timeline.file' : 'timeline.fileVersion', {
        name: documentName(record),
      });
    case 'comment':
      return names.entity(definitions.comment);
    case 'call':
    case 'meeting':
    case 'email':
    case 'note':
      if (record.kind === 'mailMessage') return mailTitle(words, event);
      return (
        textOf(record['subject']) || names.option(definitions.activity, 'activityType', textOf(record['activityType']))
      );
  }
}
