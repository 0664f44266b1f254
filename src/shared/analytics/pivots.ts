// Pivots over the local records. A pivot that is watched is kept and moved by each change, so that new totals cost a frame
// however many records there are; one that is asked for anew is one pass over the columns.
import { fractionDigits } from '#shared/words/currency-digits.ts';
import { createColumnStore, type ColumnStore } from '#shared/analytics/columns/column-store.ts';
import type { LiveTable } from '#shared/analytics/columns/live-table.ts';
import { moneyEntities } from '#shared/analytics/organization-money.ts';
import { createHomeMoney, type HomeMoney } from '#shared/analytics/columns/home-money.ts';
import { createDealPast, type DealPast } from '#shared/analytics/past/deal-past.ts';
import { fieldsOfToday } from '#shared/analytics/past/past-fields.ts';
import { createPastSource, firstDayOf, pastEntities } from '#shared/analytics/past/past-source.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import type { LiveAnswer, Labels } from '#shared/query/live-answer.ts';
import type { AnalyticsContext } from '#shared/analytics/analytics-context.ts';
import { createLivePivot, type LivePivot } from '#shared/analytics/pivot-live.ts';
import type { PivotContext } from '#shared/analytics/pivot-context.ts';
import { pivotFieldAt, type PivotField } from '#shared/analytics/pivot-fields.ts';
import { entityOfSource, type PivotSource } from '#shared/analytics/pivot-source.ts';
import { OTHERS, type PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { definitionsIn } from '#shared/entities/custom-field/custom-definitions.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import { slotsOfCell } from '#shared/analytics/pivot-slots.ts';
import { conditionsOf, valuesOf } from '#shared/words/filter-words.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { fieldsOfSpec } from '#shared/analytics/check-pivot.ts';
import type { PivotAnswer, PivotCell, PivotQuery } from '#shared/analytics/pivot-question.ts';

const KEPT_PIVOTS = 12;

export interface Pivots {
  answer(query: PivotQuery): LiveAnswer<PivotAnswer>;
  /** Ids of the records behind a cell. */
  recordsOf(cell: PivotCell): ReadonlySet<string>;
  stop(): void;
}

/** What a pivot is calculated from: the records of today, or those of a past day. */
interface Ground {
  readonly source: RecordSource;
  readonly store: ColumnStore;
  readonly money: HomeMoney;
  readonly day: Day | null;
  readonly stop: () => void;
}

const KEPT_GROUNDS = 4;

interface KeptPivot {
  readonly day: Day;
  readonly ground: Ground;
  readonly context: PivotContext;
  pivot: LivePivot | null;
  stop: () => void;
}

/** `dayOf`: the day of an instant in the time zone of this computer; `given`: the deals of past days, where others ask about them too. */
export function createPivots(
  { source, today }: Pick<AnalyticsContext, 'source' | 'today'>,
  dayOf: (epochMs: number) => Day,
  given?: DealPast,
): Pivots {
  const past = given ?? createDealPast(source, dayOf);
  const kept = new Map<string, KeptPivot>();
  const present = createGround(source, null);
  const grounds = new Map<string, Ground>();

  function createGround(from: RecordSource, day: Day | null): Ground {
    const money = createHomeMoney(from);
    const store = createColumnStore(from, money.convert);
    const stopMoney = money.subscribe(() => {
      store.resetMoney();
      // The year may begin in another month.
      forgetPivots(() => true);
    });
    return {
      source: from,
      store,
      money,
      day,
      stop() {
        stopMoney();
        money.stop();
        store.stop();
      },
    };
  }

  function forgetPivots(isMeant: (pivot: KeptPivot) => boolean): void {
    for (const [key, pivot] of kept) {
      if (!isMeant(pivot)) continue;
      pivot.stop();
      kept.delete(key);
    }
  }

  function groundOf({ source: asked, asOf }: PivotSpec): Ground {
    if (asOf === undefined || asOf >= today()) return present;
    const entity = entityOfSource(asked);
    const key = `${asOf} ${entity}`;
    const known = grounds.get(key) ?? createGround(createPastSource(source, past.on(asOf), entity), asOf);
    grounds.delete(key);
    grounds.set(key, known);
    const oldest = grounds.entries().next().value;
    if (grounds.size > KEPT_GROUNDS && oldest !== undefined) {
      grounds.delete(oldest[0]);
      forgetPivots(({ ground }) => ground === oldest[1]);
      oldest[1].stop();
    }
    return known;
  }

  const money = present.money;

  /** Names of stages in the order of their pipelines. */
  function stages(): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const pipeline of source.all('pipeline').values())
      for (const stage of stagesOf(pipeline)) names.set(stage.id, stage.name);
    return names;
  }

  function labelAt(field: PivotField | null, key: string): string | null {
    if (field === null) return null;
    if (isStage(field)) return stages().get(key) ?? null;
    return field.to === undefined ? null : titleOf(source, field.to, key);
  }

  /** On a past day, relative dates are relative to it: the question as it would have been asked then. */
  function contextOf(asked: PivotSource, day: Day | null): PivotContext {
    const fieldAt = remember((path) => pivotFieldAt(asked, path));
    const { fiscalYearStart, currency } = money.figures();
    return {
      today: day ?? today(),
      dayOf,
      fiscalYearStart,
      moneyScale: 10 ** fractionDigits(currency),
      typeOf: (path) => fieldAt(path)?.type,
      optionsOf: (path) => optionsOf(source, fieldAt(path), () => [...stages().keys()]),
      labelOf: (path, key) => labelAt(fieldAt(path), key),
    };
  }

  function find(query: PivotQuery): KeptPivot {
    const key = toCanonicalJson(query.spec);
    const known = kept.get(key);
    kept.delete(key);
    if (known?.day === today()) {
      kept.set(key, known);
      return known;
    }
    known?.stop();
    const ground = groundOf(query.spec);
    const context = contextOf(query.spec.source, ground.day);
    const made: KeptPivot = { day: today(), ground, context, pivot: null, stop: () => {} };
    kept.set(key, made);
    const oldest = kept.entries().next().value;
    if (kept.size > KEPT_PIVOTS && oldest !== undefined) {
      oldest[1].stop();
      kept.delete(oldest[0]);
    }
    return made;
  }

  function labelsOf(spec: PivotSpec, result: PivotResult, context: PivotContext): Labels {
    const labels: Record<string, string> = {};
    for (const condition of spec.filter === undefined ? [] : conditionsOf(spec.filter)) {
      if (!isNamed(pivotFieldAt(spec.source, condition.field))) continue;
      for (const id of valuesOf(condition)) {
        const label = typeof id === 'string' ? (context.labelOf?.(condition.field, id) ?? null) : null;
        if (typeof id === 'string' && label !== null) labels[id] = label;
      }
    }
    for (const [axis, members] of [
      [spec.rows, result.rows],
      [spec.columns, result.columns],
    ] as const) {
      const named = axis.map(({ field }) => context.labelOf !== undefined && isNamed(pivotFieldAt(spec.source, field)));
      for (const { path } of members) {
        const level = path.length - 1;
        const key = path[level];
        const dimension = axis[level];
        if (typeof key !== 'string' || key === OTHERS || dimension === undefined) continue;
        if (named[level] !== true || labels[key] !== undefined) continue;
        const label = context.labelOf(dimension.field, key);
        if (label !== null) labels[key] = label;
      }
    }
    return labels;
  }

  function pastOf(spec: PivotSpec, ground: Ground, isEmpty: boolean): Pick<PivotAnswer, 'past'> {
    if (spec.asOf === undefined) return {};
    const isAhead = ground.day === null;
    const exactMs = isAhead ? null : past.entries.firstWithoutMoveMs();
    return {
      past: {
        day: spec.asOf,
        isAhead,
        ofToday: isAhead ? [] : fieldsOfToday(spec.source, fieldsOfSpec(spec)),
        knownFrom: isEmpty ? firstDayOf(source, entityOfSource(spec.source)) : null,
        exactFrom: exactMs === null ? null : dayOf(exactMs),
      },
    };
  }

  /** Counted once, and moved by each change from then on. */
  function resultOf(found: KeptPivot, spec: PivotSpec): PivotResult {
    if (found.pivot !== null) return found.pivot.result();
    found.stop();
    const table = tableOf(found.ground, spec);
    found.stop = table.follow({
      onLeave: (slot) => found.pivot?.remove(slot),
      onEnter: (slot) => found.pivot?.add(slot),
      onReset() {
        found.pivot = null;
      },
    });
    found.pivot = createLivePivot(table, spec, found.context);
    return found.pivot.result();
  }

  return {
    answer(query) {
      const { spec } = query;
      const found = find(query);
      const result = resultOf(found, spec);
      return {
        value: {
          result,
          labels: labelsOf(spec, result, found.context),
          currency: money.figures().currency,
          withoutRate: found.ground.money.withoutRate(spec.source),
          ...pastOf(spec, found.ground, result.records === 0),
        },
        entities: entitiesOfPivot(spec),
        ids: new Set(),
      };
    },
    recordsOf({ spec, row, column }) {
      const ground = groundOf(spec);
      const table = tableOf(ground, spec);
      const slots = slotsOfCell(table, spec, contextOf(spec.source, ground.day), row, column);
      const ids = new Set<string>();
      for (const slot of slots) {
        const id = table.idAt(slot);
        if (id !== undefined) ids.add(id);
      }
      return ids;
    },
    stop() {
      forgetPivots(() => true);
      for (const ground of [present, ...grounds.values()]) ground.stop();
      if (given === undefined) past.stop();
    },
  };
}

/** With a slot for each value of the lists that stand in rows or columns. */
function tableOf({ store }: Ground, { source, rows, columns }: PivotSpec): LiveTable {
  const fields = [...rows, ...columns].map(({ field }) => field);
  return store.split(source, fields) ?? store.table(source);
}

/** Entities a pivot is made of and named by. */
export function entitiesOfPivot(spec: PivotSpec): ReadonlySet<EntityName> {
  const touched = new Set<EntityName>([entityOfSource(spec.source), ...moneyEntities]);
  if (spec.asOf !== undefined) for (const entity of pastEntities) touched.add(entity);
  for (const path of fieldsOfSpec(spec)) {
    const field = pivotFieldAt(spec.source, path);
    for (const { entity } of field?.steps ?? []) touched.add(entity);
    if (field?.to !== undefined) touched.add(field.to);
    if (field !== null && isStage(field)) touched.add('pipeline');
    if (field?.steps.some((step) => isCustomSlot(step.field)) === true) touched.add('customField');
  }
  return touched;
}

function isStage({ steps }: PivotField): boolean {
  const last = steps.at(-1);
  if (last?.entity === 'deal') return last.field === 'stageId';
  return last?.entity === 'stageChange' && (last.field === 'fromStage' || last.field === 'toStage');
}

function isNamed(field: PivotField | null): boolean {
  return field !== null && (field.to !== undefined || isStage(field));
}

function optionsOf(
  source: RecordSource,
  field: PivotField | null,
  stages: () => readonly string[],
): readonly string[] | undefined {
  if (field === null) return undefined;
  if (isStage(field)) return stages();
  const last = field.steps.at(-1);
  if (last === undefined) return undefined;
  if (field.type === 'boolean') return ['true', 'false'];
  return definitionsIn(source)[last.entity].fields[last.field]?.options?.map(({ value }) => value);
}

function remember<Value>(make: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
