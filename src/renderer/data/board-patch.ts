// A board on its way to a window: every answer names all cards it shows, but a deal travels only once, and again when it
// changed. Cards that did not change stay the same objects, so that nothing of them is drawn anew.
import type { BoardCard, BoardCell, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';

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

/** What a window has: the last form of each card it shows. */
export type KnownCards = ReadonlyMap<string, BoardCard>;

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

/** The board of a patch, and the cards to remember for the next one. */
export function applyBoardPatch(
  patch: BoardPatch,
  known: KnownCards,
): { readonly result: BoardResult; readonly known: KnownCards } {
  const fresh = new Map(patch.fresh.map((record) => [record.id, record]));
  const cards = new Map<string, BoardCard>();
  function toCard({ id, stageDays, stale }: SlimCard): readonly BoardCard[] {
    const before = known.get(id);
    const record = fresh.get(id) ?? before?.record;
    if (record === undefined) return [];
    const isSame = before?.record === record && before.stageDays === stageDays && before.stale === stale;
    const card = isSame ? before : { record, stageDays, stale };
    cards.set(id, card);
    return [card];
  }
  const cells = Object.entries(patch.cells).map(
    ([key, cell]) => [key, { ...cell, cards: cell.cards.flatMap(toCard) }] as const,
  );
  return { result: { ...patch.frame, cells: Object.fromEntries(cells) }, known: cards };
}
