// The board while moves are being saved: a card stands in its new column from the moment it is put down. That it is saved
// is said by the mark on the card, which comes with the data host's answer; the answer replaces this picture.
import type { BoardCard, BoardCell, BoardResult } from '#renderer/data/data-contract.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** Deals on the way: id to the stage they go to. */
export type Moves = ReadonlyMap<string, string>;

function amountOf(card: BoardCard, currency: string): number {
  const { amount, currency: own } = card.record as { readonly amount?: unknown; readonly currency?: unknown };
  return typeof amount === 'number' && (own ?? currency) === currency ? amount : 0;
}

/** The order of the board: closing first, then the larger amount. */
function standsBefore(left: BoardCard, right: BoardCard): boolean {
  const [a, b] = [textOf(left.record['closeDate']), textOf(right.record['closeDate'])];
  if (a !== b) return b === '' || (a !== '' && a < b);
  return Number(left.record['amount'] ?? 0) > Number(right.record['amount'] ?? 0);
}

function weigh(amount: number, probability: unknown): number {
  return typeof probability === 'number' ? Math.round((amount * probability) / 100) : 0;
}

function take(cell: BoardCell, card: BoardCard, amount: number): BoardCell {
  return {
    ...cell,
    count: cell.count - 1,
    total: cell.total - amount,
    weighted: cell.weighted - weigh(amount, card.record['probability']),
    cards: cell.cards.filter((known) => known !== card),
  };
}

function put(cell: BoardCell, card: BoardCard, amount: number, probability: number): BoardCell {
  const at = cell.cards.findIndex((known) => standsBefore(card, known));
  const isShown = at !== -1 || cell.offset + cell.cards.length >= cell.count;
  const place = at === -1 ? cell.cards.length : at;
  return {
    ...cell,
    count: cell.count + 1,
    total: cell.total + amount,
    weighted: cell.weighted + weigh(amount, probability),
    cards: isShown ? cell.cards.toSpliced(place, 0, card) : cell.cards,
  };
}

const emptyCell: BoardCell = { count: 0, total: 0, weighted: 0, offset: 0, cards: [] };

/** The board with these moves made; the same board when the answer shows all of them already. */
export function withMoves(board: BoardResult, moves: Moves): BoardResult {
  let cells: Record<string, BoardCell> | null = null;
  for (const [key, cell] of Object.entries(board.cells)) {
    const [from = '', lane = ''] = key.split('|');
    for (const card of cell.cards) {
      const to = moves.get(card.record.id);
      if (to === undefined || to === from) continue;
      cells ??= { ...board.cells };
      const stage = board.stages.find((item) => item.id === to);
      const amount = amountOf(card, board.currency);
      const target = `${to}|${lane}`;
      const moved: BoardCard = {
        record: { ...card.record, stageId: to },
        stageDays: 0,
        stale: false,
      };
      cells[key] = take(cells[key] ?? cell, card, amount);
      cells[target] = put(cells[target] ?? emptyCell, moved, amount, stage?.probability ?? 0);
    }
  }
  return cells === null ? board : { ...board, cells };
}
