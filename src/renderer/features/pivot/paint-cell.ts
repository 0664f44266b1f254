// Cells that show at a glance how large they are: a heat map, a bar behind the number, or good and bad by limits. The number
// is never hidden by it.
import type { CellPaint, PaintLimits } from '#shared/analytics/pivot-look.ts';

/** Heat never gets stronger than this, so that text stays readable in light and dark. */
const MOST_HEAT_PERCENT = 46;

export interface CellStyle {
  readonly [property: string]: string;
}

const plain: CellStyle = { background: 'none', color: 'inherit' };

export function paintOf(
  paint: CellPaint,
  number: number,
  range: readonly [number, number] | undefined,
  limits: PaintLimits | undefined,
): CellStyle {
  if (paint === 'limits') return paintByLimits(number, limits);
  if (paint === 'none' || range === undefined || Number.isNaN(number)) return plain;
  const [least, most] = range;
  if (paint === 'bars') {
    const top = Math.max(Math.abs(least), Math.abs(most));
    const width = top === 0 ? 0 : Math.round((Math.abs(number) / top) * 100);
    const colour = number < 0 ? 'var(--op-danger)' : 'var(--mantine-primary-color-filled)';
    const faint = `color-mix(in srgb, ${colour} 26%, transparent)`;
    return {
      ...plain,
      background: `linear-gradient(to right, ${faint} ${String(width)}%, transparent ${String(width)}%)`,
    };
  }
  const share = most > least ? (number - least) / (most - least) : 1;
  const percent = Math.round(share * MOST_HEAT_PERCENT);
  return {
    ...plain,
    background: `color-mix(in srgb, var(--mantine-primary-color-filled) ${String(percent)}%, transparent)`,
  };
}

function paintByLimits(number: number, limits: PaintLimits | undefined): CellStyle {
  if (limits === undefined || Number.isNaN(number)) return plain;
  const { good, bad } = limits;
  if (bad !== null && number < bad) return { background: 'var(--op-danger-surface)', color: 'var(--op-danger)' };
  if (good !== null && number >= good) return { background: 'var(--op-good-surface)', color: 'var(--op-good)' };
  return plain;
}
