// Cells that show at a glance how large they are: a heat map or a bar behind the number. The number is never hidden by it.
import type { CellPaint } from '#renderer/features/pivot/pivot-look.ts';

/** Heat never gets stronger than this, so that text stays readable in light and dark. */
const MOST_HEAT_PERCENT = 46;

export interface CellStyle {
  readonly [property: string]: string;
}

const plain: CellStyle = { background: 'none' };

export function paintOf(paint: CellPaint, number: number, range: readonly [number, number] | undefined): CellStyle {
  if (paint === 'none' || range === undefined || Number.isNaN(number)) return plain;
  const [least, most] = range;
  if (paint === 'bars') {
    const top = Math.max(Math.abs(least), Math.abs(most));
    const width = top === 0 ? 0 : Math.round((Math.abs(number) / top) * 100);
    const colour = number < 0 ? 'var(--op-danger)' : 'var(--mantine-primary-color-filled)';
    const faint = `color-mix(in srgb, ${colour} 26%, transparent)`;
    return { background: `linear-gradient(to right, ${faint} ${String(width)}%, transparent ${String(width)}%)` };
  }
  const share = most > least ? (number - least) / (most - least) : 1;
  const percent = Math.round(share * MOST_HEAT_PERCENT);
  return { background: `color-mix(in srgb, var(--mantine-primary-color-filled) ${String(percent)}%, transparent)` };
}
