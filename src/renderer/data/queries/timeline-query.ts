import type { LocalRecord, TimelineQuery, TimelineResult } from '#renderer/data/data-contract.ts';
import { collectLabels } from '#renderer/data/queries/labels.ts';
import { toPublic } from '#renderer/data/queries/list-queries.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import { definitionsIn } from '#shared/entities/custom-field/custom-definitions.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { subjectOfChange } from '#shared/entities/field-change/kept-changes.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { askTimeline } from '#shared/timeline/ask-timeline.ts';
import { buildTimeline, timelineEntities } from '#shared/timeline/build-timeline.ts';
import { isOnTimeline, timelineRulesOf, type TimelineRules } from '#shared/timeline/noisy-fields.ts';
import type { TimelineEvent } from '#shared/timeline/timeline-event.ts';

const LARGEST_WINDOW = 1000;

export function answerTimeline(context: QueryContext, query: TimelineQuery): LiveAnswer<TimelineResult> {
  const { source, index } = context;
  const rules = timelineRulesOf(source.get('organization', ORGANIZATION_ID));
  const records = {
    get: (entity: EntityName, id: string) => source.get(entity, id),
    find: (entity: EntityName, field: string, value: string) => index.find(entity, field, value),
  };
  const all = buildTimeline(records, { entity: query.entity, id: query.id });
  const { events, counts } = askTimeline(all, query, rules, (instant) => toLocalDay(new Date(instant)));
  const limit = Math.min(Math.max(query.limit, 0), LARGEST_WINDOW);
  const shown = events.slice(query.offset, query.offset + limit);
  const { labels, askedIds } = labelsOf(context, shown, counts.people);
  const value: TimelineResult = {
    ...counts,
    events: shown.map(({ content, ...event }) => ({
      ...event,
      record: toPublic(event.record),
      ...(content === undefined ? {} : { content: toPublic(content) }),
    })),
    offset: query.offset,
    hiddenFields: hiddenFieldsOf(context, rules),
    labels,
  };
  return { value, entities: new Set([...timelineEntities, 'organization']), ids: new Set([...askedIds, query.id]) };
}

/** Names of people, of what events happened to, and of the records that changed fields point to. */
function labelsOf(context: QueryContext, shown: readonly TimelineEvent<LocalRecord>[], people: readonly string[]) {
  const { source } = context;
  const found = collectLabels(
    source,
    shown.map(({ record }) => record),
  );
  const labels: Record<string, string> = { ...found.labels };
  const askedIds = new Set(found.askedIds);
  const ask = (entity: EntityName, id: unknown): void => {
    if (typeof id !== 'string' || id === '') return;
    askedIds.add(id);
    const title = titleOf(source, entity, id);
    if (title !== null) labels[id] = title;
  };
  for (const id of people) ask('user', id);
  for (const { about, record } of shown) {
    ask(about.entity, about.id);
    const subject = record.kind === 'fieldChange' ? subjectOfChange(record) : null;
    if (subject === null) continue;
    for (const part of [record['before'], record['after']]) {
      if (!isPlainObject(part)) continue;
      for (const [field, value] of Object.entries(part)) {
        const to = entities[subject.entity].fields[field]?.to;
        if (to !== undefined) for (const id of Array.isArray(value) ? value : [value]) ask(to, id);
      }
    }
  }
  return { labels, askedIds };
}

function hiddenFieldsOf({ source }: QueryContext, rules: TimelineRules): readonly string[] {
  const definitions = definitionsIn(source);
  return (['account', 'contact', 'lead', 'deal'] as const).flatMap((entity) =>
    Object.keys(definitions[entity].fields)
      .filter((field) => !isOnTimeline(rules, definitions[entity], field))
      .map((field) => `${entity}.${field}`),
  );
}
