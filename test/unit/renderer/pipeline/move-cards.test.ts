import { describe, expect, it } from 'vitest';
import type { BoardCard, BoardResult } from '#renderer/data/data-contract.ts';
import { withMoves } from '#renderer/features/pipeline/move-cards.ts';

function card(id: string, stageId: string, closeDate: string, amount: number): BoardCard {
  const stamps = {
    createdAt: '',
    updatedAt: '',
    createdBy: null,
    updatedBy: null,
    ownerId: null,
    teamId: null,
    rev: 1,
  };
  const values = { id, kind: 'deal', stageId, closeDate, amount, currency: 'EUR', probability: 10 } as const;
  return { record: { ...stamps, ...values, pending: [] }, stageDays: 9, stale: true };
}

const early = card('early', 'one', '2026-01-01', 100);
const late = card('late', 'two', '2026-03-01', 300);
const board: BoardResult = {
  stages: [
    { id: 'one', name: 'One', type: 'open', probability: 10 },
    { id: 'two', name: 'Two', type: 'open', probability: 50 },
  ],
  lanes: [{ id: 'all', label: '', count: 2, total: 400 }],
  cells: {
    'one|all': { count: 1, total: 100, weighted: 10, offset: 0, cards: [early] },
    'two|all': { count: 1, total: 300, weighted: 30, offset: 0, cards: [late] },
  },
  currency: 'EUR',
  labels: {},
};

describe('a board with moves on the way', () => {
  it('CRM-07 shows a card in its new column at once, in its place, with the sums of both columns', () => {
    const { cells } = withMoves(board, new Map([['early', 'two']]));
    expect(cells['one|all']).toMatchObject({ count: 0, total: 0, weighted: 0, cards: [] });
    expect(cells['two|all']).toMatchObject({ count: 2, total: 400, weighted: 80 });
    expect(cells['two|all']?.cards.map(({ record, stageDays }) => [record.id, record['stageId'], stageDays])).toEqual([
      ['early', 'two', 0],
      ['late', 'two', 9],
    ]);
  });

  it('does not say that the card is saved', () => {
    const { cells } = withMoves(board, new Map([['early', 'two']]));
    expect(cells['two|all']?.cards[0]?.record.pending).toEqual([]);
  });

  it('is the answer itself once the answer shows the move', () => {
    expect(withMoves(board, new Map([['late', 'two']]))).toBe(board);
    expect(withMoves(board, new Map())).toBe(board);
  });

  it('only counts a card that lies beyond the cards a column shows', () => {
    const cell = { count: 50, total: 0, weighted: 0, offset: 0, cards: [early] };
    const long: BoardResult = { ...board, cells: { 'one|all': cell, 'two|all': board.cells['two|all'] ?? cell } };
    const { cells } = withMoves(long, new Map([['late', 'one']]));
    expect(cells['one|all']).toMatchObject({ count: 51, cards: [early] });
  });
});
