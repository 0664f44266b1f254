// Counts and sums over a filter, by groups. Kept per question and moved by each change, so that a figure on a screen
// costs nothing while 100,000 records arrive.
import type { AggregateQuery, AggregateResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { entities } from '#shared/entities/registry.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn } from '#shared/query/filter.ts';

interface Group {
  count: number;
  readonly sums: number[];
}

interface Aggregate {
  readonly query: AggregateQuery;
  readonly asked: AskedOn;
  readonly groups: Map<string | null, Group>;
}

const KEPT_AGGREGATES = 40;

/** Amount in minor units by probability in percent, rounded to minor units. */
export function weightedAmount(record: LocalRecord): number {
  const { amount, probability } = record;
  return typeof amount === 'number' && typeof probability === 'number' ? Math.round((amount * probability) / 100) : 0;
}

function valueOf(record: LocalRecord, field: string): number {
  if (field === 'weighted') return weightedAmount(record);
  const value = record[field];
  return typeof value === 'number' ? value : 0;
}

function keyOf(record: LocalRecord, field: string | null): string | null {
  const value = field === null ? null : record[field];
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export interface Aggregates {
  answer(query: AggregateQuery): LiveAnswer<AggregateResult>;
}

export function createAggregates(context: Pick<QueryContext, 'source' | 'askedOn'>): Aggregates {
  const { source } = context;
  const kept = new Map<string, Aggregate>();

  function count(aggregate: Aggregate, record: LocalRecord, sign: 1 | -1): void {
    const { filter, groupBy, sums, entity } = aggregate.query;
    if (filter !== undefined && !matchesFilter(entities[entity], filter, record, aggregate.asked)) return;
    const key = keyOf(record, groupBy);
    let group = aggregate.groups.get(key);
    if (group === undefined) aggregate.groups.set(key, (group = { count: 0, sums: sums.map(() => 0) }));
    group.count += sign;
    for (const [index, field] of sums.entries()) {
      group.sums[index] = (group.sums[index] ?? 0) + sign * valueOf(record, field);
    }
    if (group.count === 0) aggregate.groups.delete(key);
  }

  source.subscribe((changes) => {
    for (const aggregate of kept.values()) {
      for (const { entity, before, after } of changes) {
        if (entity !== aggregate.query.entity) continue;
        if (before !== undefined) count(aggregate, before, -1);
        if (after !== undefined) count(aggregate, after, 1);
      }
    }
  });

  function find(query: AggregateQuery): Aggregate {
    const key = toCanonicalJson(query);
    const asked = context.askedOn();
    let aggregate = kept.get(key);
    kept.delete(key);
    if (aggregate === undefined || aggregate.asked !== asked) {
      aggregate = { query, asked, groups: new Map() };
      for (const record of source.all(query.entity).values()) count(aggregate, record, 1);
    }
    kept.set(key, aggregate);
    const oldest = kept.keys().next();
    if (kept.size > KEPT_AGGREGATES && oldest.done !== true) kept.delete(oldest.value);
    return aggregate;
  }

  return {
    answer(query) {
      const { groups } = find(query);
      const labels: Record<string, string> = {};
      const ids = new Set<string>();
      const to = query.groupBy === null ? undefined : entities[query.entity].fields[query.groupBy]?.to;
      for (const key of groups.keys()) {
        if (key === null || to === undefined) continue;
        ids.add(key);
        const title = titleOf(source, to, key);
        if (title !== null) labels[key] = title;
      }
      if (query.groupBy === 'stageId') {
        for (const pipeline of source.all('pipeline').values()) {
          for (const stage of stagesOfPipeline(source, pipeline.id)) labels[stage.id] = stage.name;
        }
      }
      const rows = [...groups]
        .map(([key, group]) => ({
          key,
          count: group.count,
          sums: Object.fromEntries(query.sums.map((field, index) => [field, group.sums[index] ?? 0])),
        }))
        .sort((a, b) => b.count - a.count || String(a.key).localeCompare(String(b.key), 'en'));
      const isWhole = query.groupBy === null && rows.length === 0;
      const nothing = { key: null, count: 0, sums: Object.fromEntries(query.sums.map((field) => [field, 0])) };
      return { value: { groups: isWhole ? [nothing] : rows, labels }, entities: new Set([query.entity]), ids };
    },
  };
}
