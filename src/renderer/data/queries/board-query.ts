// The pipeline board: counts and totals of every cell, cards only for the stretch a window shows. Cells are filled once
// per question and then follow each change, so dragging one card never walks through all deals.
import type { BoardCard, BoardCell, BoardQuery, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { weightedAmount } from '#renderer/data/queries/aggregate-query.ts';
import { collectLabels } from '#renderer/data/queries/labels.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { toPublic } from '#renderer/data/queries/list-queries.ts';
import { createSortOrder, type SortEntry } from '#renderer/data/queries/sort-keys.ts';
import { findPlace, INCREMENTAL_LIMIT } from '#renderer/data/queries/sorted-views.ts';
import type { StageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import { entities } from '#shared/entities/registry.ts';
import { addDays, toEpochMs } from '#shared/kernel/calendar.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn } from '#shared/query/filter.ts';

export const SINGLE_LANE = 'all';
const FIRST_CARDS = 30;
const LARGEST_RANGE = 1000;
const KEPT_BOARDS = 6;
const DAY_MS = 86_400_000;
const NO_CURRENCY = '';

interface Money {
  count: number;
  total: number;
  weighted: number;
}

interface Cell {
  entries: SortEntry[];
  isSorted: boolean;
  /** Amounts of different currencies are never added up. */
  readonly money: Map<string, Money>;
}

interface Board {
  readonly asked: AskedOn;
  readonly accepts: (record: LocalRecord) => boolean;
  /** The column a deal stands in; undefined for a closed one whose stage is gone. */
  readonly stageOf: (record: LocalRecord) => string | undefined;
  readonly laneOf: (record: LocalRecord) => string;
  readonly cells: Map<string, Cell>;
}

export interface Boards {
  answer(query: BoardQuery): LiveAnswer<BoardResult>;
}

function currencyOf(record: LocalRecord): string {
  const currency = record['currency'];
  return typeof currency === 'string' ? currency : NO_CURRENCY;
}

/** The currency of most deals of the board. */
function mainCurrencyOf(cells: Iterable<Cell>): string {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    for (const [currency, { count }] of cell.money) counts.set(currency, (counts.get(currency) ?? 0) + count);
  }
  counts.delete(NO_CURRENCY);
  const [best] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return best?.[0] ?? 'EUR';
}

function stageDaysOf(record: LocalRecord, nowMs: number): number {
  const changed = record['stageChangedAt'];
  const since = typeof changed === 'string' ? changed : record.createdAt;
  return Math.max(0, Math.floor((nowMs - toEpochMs(since)) / DAY_MS)) || 0;
}

export function createBoards(context: QueryContext, durations: StageDurations, clock: Clock): Boards {
  const { source } = context;
  const boards = new Map<string, Board>();
  const order = createSortOrder(source, entities.deal, [
    { field: 'closeDate', direction: 'asc' },
    { field: 'amount', direction: 'desc' },
  ]);

  function put(board: Board, record: LocalRecord, sign: 1 | -1): void {
    if (!board.accepts(record)) return;
    const key = `${board.stageOf(record) ?? ''}|${board.laneOf(record)}`;
    let cell = board.cells.get(key);
    if (cell === undefined) board.cells.set(key, (cell = { entries: [], isSorted: false, money: new Map() }));
    const currency = currencyOf(record);
    const sum = cell.money.get(currency) ?? { count: 0, total: 0, weighted: 0 };
    sum.count += sign;
    sum.total += sign * (typeof record['amount'] === 'number' ? record['amount'] : 0);
    sum.weighted += sign * weightedAmount(record);
    cell.money.set(currency, sum);
    const entry = order.toEntry(record);
    if (!cell.isSorted) {
      if (sign === 1) cell.entries.push(entry);
      else cell.entries = cell.entries.filter((known) => known.record !== record);
      return;
    }
    const place = findPlace(cell.entries, entry, order);
    if (sign === 1) cell.entries.splice(place, 0, entry);
    else if (cell.entries[place]?.record === record) cell.entries.splice(place, 1);
  }

  source.subscribe((changes) => {
    const deals = changes.filter((change) => change.entity === 'deal');
    if (deals.length === 0) return;
    if (deals.length > INCREMENTAL_LIMIT) {
      boards.clear();
      return;
    }
    for (const board of boards.values()) {
      for (const { before, after } of deals) {
        if (before !== undefined) put(board, before, -1);
        if (after !== undefined) put(board, after, 1);
      }
    }
  });

  function build(query: BoardQuery, asked: AskedOn): Board {
    const stages = stagesOfPipeline(source, query.pipelineId);
    const types = new Map(stages.map((stage) => [stage.id, stage.type]));
    const firstOpen = stages.find(({ type }) => type === 'open')?.id;
    // A stage that was taken away while somebody moved a deal there leaves the deal where all deals begin.
    const stageOf = (record: LocalRecord): string | undefined => {
      const id = String(record['stageId']);
      return types.has(id) ? id : record['status'] === 'open' ? firstOpen : undefined;
    };
    const oldest = query.closedWithinDays === null ? null : addDays(asked.today, -query.closedWithinDays);
    const matchesWords = context.search.createMatcher('deal', query.search ?? '');
    const { filter } = query;
    const accepts = (record: LocalRecord): boolean => {
      if (record['pipelineId'] !== query.pipelineId) return false;
      const stageId = stageOf(record);
      const type = stageId === undefined ? undefined : types.get(stageId);
      if (stageId === undefined || type === undefined) return false;
      const closed = record['closedAt'] ?? record['closeDate'];
      if (type !== 'open' && oldest !== null && typeof closed === 'string' && closed < oldest) return false;
      if (query.onlyStale === true) {
        const staleAfterDays = durations.staleAfterDays(query.pipelineId, stageId);
        if (type !== 'open' || stageDaysOf(record, clock.now()) <= staleAfterDays) return false;
      }
      return matchesWords(record) && (filter === undefined || matchesFilter(entities.deal, filter, record, asked));
    };
    const laneOf = (record: LocalRecord): string => (query.swimlane === 'owner' ? (record.ownerId ?? '') : SINGLE_LANE);
    const board: Board = { asked, accepts, stageOf, laneOf, cells: new Map() };
    const found = context.search.candidates('deal', query.search ?? '');
    const records = found?.flatMap((id) => source.get('deal', id) ?? []) ?? source.all('deal').values();
    for (const record of records) put(board, record, 1);
    return board;
  }

  function find(query: BoardQuery): Board {
    const asked = context.askedOn();
    const { ranges: _ranges, ...question } = query;
    // Stages decide what a column is: a changed pipeline is another question.
    const key = toCanonicalJson({ ...question, stages: source.get('pipeline', query.pipelineId)?.['stages'] ?? null });
    let board = boards.get(key);
    boards.delete(key);
    if (board === undefined || board.asked !== asked) board = build(query, asked);
    boards.set(key, board);
    const oldest = boards.keys().next();
    if (boards.size > KEPT_BOARDS && oldest.done !== true) boards.delete(oldest.value);
    return board;
  }

  function toCard(record: LocalRecord, isOpen: boolean, staleAfterDays: number, nowMs: number): BoardCard {
    const stageDays = stageDaysOf(record, nowMs);
    return { record: toPublic(record), stageDays, stale: isOpen && stageDays > staleAfterDays };
  }

  function toCell(
    cell: Cell | undefined,
    currency: string,
    range: { offset: number; limit: number },
    makeCard: (record: LocalRecord) => BoardCard,
  ): BoardCell {
    if (cell === undefined) return { count: 0, total: 0, weighted: 0, offset: 0, cards: [] };
    if (!cell.isSorted) {
      cell.entries.sort(order.compare);
      cell.isSorted = true;
    }
    const money = cell.money.get(currency);
    const shown = cell.entries.slice(range.offset, range.offset + Math.min(range.limit, LARGEST_RANGE));
    return {
      count: cell.entries.length,
      total: money?.total ?? 0,
      weighted: money?.weighted ?? 0,
      offset: range.offset,
      cards: shown.map((entry) => makeCard(entry.record)),
    };
  }

  function lanesOf(board: Board, query: BoardQuery): readonly { readonly id: string; readonly label: string }[] {
    if (query.swimlane === 'none') return [{ id: SINGLE_LANE, label: '' }];
    const filled = [...board.cells].filter(([, cell]) => cell.entries.length > 0);
    const ids = [...new Set(filled.map(([key]) => key.slice(key.indexOf('|') + 1)))];
    return ids
      .map((id) => ({ id, label: titleOf(source, 'user', id) ?? '' }))
      .sort((a, b) => a.label.localeCompare(b.label) || (a.id < b.id ? -1 : 1));
  }

  return {
    answer(query) {
      const board = find(query);
      const nowMs = clock.now();
      const currency = mainCurrencyOf(board.cells.values());
      const stages = stagesOfPipeline(source, query.pipelineId);
      const cells: Record<string, BoardCell> = {};
      const shown: LocalRecord[] = [];
      const lanes = lanesOf(board, query).map((lane) => {
        let count = 0;
        let total = 0;
        for (const stage of stages) {
          const key = `${stage.id}|${lane.id}`;
          const range = query.ranges[key] ?? query.ranges[stage.id] ?? { offset: 0, limit: FIRST_CARDS };
          const staleAfterDays = durations.staleAfterDays(query.pipelineId, stage.id);
          const cell = toCell(board.cells.get(key), currency, range, (record) =>
            toCard(record, stage.type === 'open', staleAfterDays, nowMs),
          );
          cells[key] = cell;
          count += cell.count;
          total += cell.total;
          shown.push(...cell.cards.map((card) => card.record));
        }
        return { ...lane, count, total };
      });
      const { labels, askedIds } = collectLabels(source, shown);
      const ids = new Set([...askedIds, query.pipelineId, ...lanes.map((lane) => lane.id)]);
      return {
        value: {
          stages: stages.map(({ id, name, type, probability }) => ({ id, name, type, probability })),
          lanes,
          cells,
          currency,
          labels,
        },
        entities: new Set(['deal']),
        ids,
      };
    },
  };
}
