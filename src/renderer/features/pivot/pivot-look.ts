// How a pivot is shown, beside what it asks: kept with the report.
import { isPlainObject } from '#shared/kernel/json.ts';

export const cellPaints = ['none', 'heat', 'bars'] as const;
export type CellPaint = (typeof cellPaints)[number];

export interface PivotLook {
  /** Values whose cells are coloured by their size, by the id of the value. */
  readonly paints: Readonly<Record<string, CellPaint>>;
  /** Rows that are folded in, as JSON of their path. */
  readonly folded: readonly string[];
}

export const plainLook: PivotLook = { paints: {}, folded: [] };

/** Whatever is kept; what cannot be read is plain. */
export function readLook(stored: unknown): PivotLook {
  if (!isPlainObject(stored)) return plainLook;
  const { paints, folded } = stored;
  return {
    paints: isPlainObject(paints)
      ? Object.fromEntries(
          Object.entries(paints).flatMap(([id, paint]) => {
            const known = cellPaints.find((name) => name === paint);
            return known === undefined ? [] : [[id, known]];
          }),
        )
      : {},
    folded: Array.isArray(folded) ? folded.filter((path) => typeof path === 'string') : [],
  };
}
