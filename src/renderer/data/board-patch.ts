// A board on its way to a window: every answer names all cards it shows, but a deal travels only once, and again when it
// changed. Cards, cells and labels that did not change stay the same objects, so that nothing of them is drawn anew.
import type { BoardCard, BoardCell, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';

interface SlimCard {
  readonly id: string;
  readonly stageDays: number;
  readonly stale: boolean;
}

/** A board without its deals, and those of them the receiver does not have. */
export interface BoardPatch {
  readonly frame: Omit<BoardResult, 'cells'>;
  readonly cells: Readonly<Record<string, Omit<BoardCell, 'cards'> & { readonly cards: readonly SlimCard[] }>>;
  readonly fresh: readonly LocalRecord[];
}

/** What a window has. */
export interface KnownBoard {
  readonly cards: ReadonlyMap<string, BoardCard>;
  readonly result: BoardResult | null;
}

export const NO_BOARD: KnownBoard = { cards: new Map(), result: null };

/** The patch for a window that was sent these deals before, and what it was sent by then. */
export function toBoardPatch(
  { cells, ...frame }: BoardResult,
  sent: ReadonlyMap<string, LocalRecord>,
): { readonly patch: BoardPatch; readonly sent: ReadonlyMap<string, LocalRecord> } {
  const shown = new Map<string, LocalRecord>();
  const slim = Object.entries(cells).map(([key, { cards, ...cell }]) => {
    for (const { record } of cards) shown.set(record.id, record);
    const names = cards.map(({ record, stageDays, stale }) => ({ id: record.id, stageDays, stale }));
    return [key, { ...cell, cards: names }] as const;
  });
  const fresh = [...shown.values()].filter((record) => sent.get(record.id) !== record);
  return { patch: { frame, cells: Object.fromEntries(slim), fresh }, sent: shown };
}

function isSameCell(left: BoardCell | undefined, right: BoardCell): left is BoardCell {
  return (
    left !== undefined &&
    left.count === right.count &&
    left.total === right.total &&
    left.weighted === right.weighted &&
    left.offset === right.offset &&
    left.cards.length === right.cards.length &&
    left.cards.every((card, index) => card === right.cards[index])
  );
}

/** The board of a patch, as it is to be remembered for the next one. */
export function applyBoardPatch(patch: BoardPatch, known: KnownBoard): KnownBoard & { readonly result: BoardResult } {
  const fresh = new Map(patch.fresh.map((record) => [record.id, record]));
  const cards = new Map<string, BoardCard>();
  function toCard({ id, stageDays, stale }: SlimCard): readonly BoardCard[] {
    const before = known.cards.get(id);
    const record = fresh.get(id) ?? before?.record;
    if (record === undefined) return [];
    const isSame = before?.record === record && before.stageDays === stageDays && before.stale === stale;
    const card = isSame ? before : { record, stageDays, stale };
    cards.set(id, card);
    return [card];
  }
  const cells = Object.entries(patch.cells).map(([key, slim]) => {
    const before = known.result?.cells[key];
    const cell: BoardCell = { ...slim, cards: slim.cards.flatMap(toCard) };
    return [key, isSameCell(before, cell) ? before : cell] as const;
  });
  const labelsBefore = known.result?.labels;
  const labels = isJsonEqual(labelsBefore, patch.frame.labels) ? (labelsBefore ?? {}) : patch.frame.labels;
  return { cards, result: { ...patch.frame, labels, cells: Object.fromEntries(cells) } };
}
