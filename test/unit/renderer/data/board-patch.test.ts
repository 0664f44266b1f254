import { describe, expect, it } from 'vitest';
import { applyBoardPatch, NO_BOARD, toBoardPatch } from '#renderer/data/board-patch.ts';
import type { BoardCard, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';

function deal(id: string, amount: number): LocalRecord {
  const stamps = {
    createdAt: '',
    updatedAt: '',
    createdBy: null,
    updatedBy: null,
    ownerId: null,
    teamId: null,
    rev: 1,
  };
  return { ...stamps, id, kind: 'deal', amount, pending: [] };
}

function board(...cards: readonly BoardCard[]): BoardResult {
  const cells = { 'one|all': { count: cards.length, total: 0, weighted: 0, offset: 0, cards } };
  return { stages: [], lanes: [], cells, currency: 'EUR', labels: { a: 'A' } };
}

const toCard = (record: LocalRecord, stageDays = 1): BoardCard => ({ record, stageDays, stale: false });

describe('the patch of a board', () => {
  const [first, second] = [deal('1', 10), deal('2', 20)];

  it('gives the board that was packed', () => {
    const { patch } = toBoardPatch(board(toCard(first), toCard(second)), new Map());
    expect(applyBoardPatch(patch, NO_BOARD).result).toEqual(board(toCard(first), toCard(second)));
  });

  it('carries only the deals that changed, and keeps the other cards the same objects', () => {
    const start = toBoardPatch(board(toCard(first), toCard(second)), new Map());
    const shown = applyBoardPatch(start.patch, NO_BOARD);
    const changed = deal('2', 25);
    const next = toBoardPatch(board(toCard(first), toCard(changed)), start.sent);
    expect(next.patch.fresh).toEqual([changed]);
    const after = applyBoardPatch(next.patch, shown);
    expect(after.result).toEqual(board(toCard(first), toCard(changed)));
    expect(after.result.cells['one|all']?.cards[0]).toBe(shown.result.cells['one|all']?.cards[0]);
  });

  it('keeps a column and the labels the same objects when nothing of them changed', () => {
    const start = toBoardPatch(board(toCard(first)), new Map());
    const shown = applyBoardPatch(start.patch, NO_BOARD);
    const next = toBoardPatch(board(toCard(first)), start.sent);
    const after = applyBoardPatch(structuredClone(next.patch), shown);
    expect(after.result.cells['one|all']).toBe(shown.result.cells['one|all']);
    expect(after.result.labels).toBe(shown.result.labels);
  });

  it('sends a deal again that was out of sight in between', () => {
    const start = toBoardPatch(board(toCard(first)), new Map());
    const without = toBoardPatch(board(), start.sent);
    const again = toBoardPatch(board(toCard(first)), without.sent);
    expect(again.patch.fresh).toEqual([first]);
  });

  it('draws a card anew when only its days have changed', () => {
    const start = toBoardPatch(board(toCard(first)), new Map());
    const shown = applyBoardPatch(start.patch, NO_BOARD);
    const next = toBoardPatch(board(toCard(first, 2)), start.sent);
    expect(next.patch.fresh).toEqual([]);
    expect(applyBoardPatch(next.patch, shown).result).toEqual(board(toCard(first, 2)));
  });
});
