// Conditions on numbers and instants as ranges, where the filter language means one: `amount ≥ 500`, `closed in the last 30
// days`. Everything else is asked value by value.
import type { FieldType } from '#shared/entities/define-entity.ts';
import { addDays, isDay, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import type { AskedOn, FieldFilter } from '#shared/query/filter.ts';
import { namedPeriodOf } from '#shared/query/named-periods.ts';

/** Both ends included; nothing passes where `low` is above `high`. */
interface NumberRange {
  readonly low: number;
  readonly high: number;
}

const NOTHING: NumberRange = { low: 1, high: 0 };
const DAY_MS = 86_400_000;

/** Null: the condition is no range. */
export function rangeOf(type: FieldType, { op, value: wanted }: FieldFilter, asked: AskedOn): NumberRange | null {
  if (type === 'dateTime') return rangeOfInstants(op, wanted, asked);
  return typeof wanted === 'number' ? compareWith(op, wanted, wanted) : null;
}

/** Everything before, after or within the stretch from `first` to `last`. */
function compareWith(op: FieldFilter['op'], first: number, last: number): NumberRange | null {
  if (op === 'eq') return { low: first, high: last };
  if (op === 'lt') return { low: -Infinity, high: nextBelow(first) };
  if (op === 'lte') return { low: -Infinity, high: last };
  if (op === 'gt') return { low: -nextBelow(-last), high: Infinity };
  return op === 'gte' ? { low: first, high: Infinity } : null;
}

/** The largest double below a number. */
function nextBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const double = new Float64Array([value]);
  const bits = new BigInt64Array(double.buffer);
  bits[0] = (bits[0] ?? 0n) - (value > 0 ? 1n : -1n);
  return double[0] ?? value;
}

/** Instants are compared with whole days, and days are those of UTC, as everywhere in the filter language. */
function rangeOfInstants(op: FieldFilter['op'], wanted: FieldFilter['value'], asked: AskedOn): NumberRange | null {
  const { today } = asked;
  if (op === 'inPeriod') {
    const period = namedPeriodOf(wanted, asked);
    return period === null ? NOTHING : { low: toEpochMs(period.start), high: toEpochMs(period.end) + DAY_MS - 1 };
  }
  if (op === 'withinDays' || op === 'olderThanDays') {
    if (typeof wanted !== 'number' || !Number.isInteger(wanted)) return NOTHING;
    const other = toEpochMs(addDays(today, op === 'withinDays' ? wanted : -wanted));
    if (op === 'olderThanDays') return { low: -Infinity, high: other - 1 };
    const start = toEpochMs(today);
    return { low: Math.min(start, other), high: Math.max(start, other) + DAY_MS - 1 };
  }
  const isDayWanted = isDay(wanted);
  if (!isDayWanted && (typeof wanted !== 'string' || !isPlainInstant(wanted))) return null;
  const first = toEpochMs(wanted);
  return compareWith(op, first, isDayWanted ? first + DAY_MS - 1 : first);
}

/** Written the one way instants are stored, so that texts are in the order of time. */
function isPlainInstant(text: string): boolean {
  const instant = toEpochMs(text);
  return !Number.isNaN(instant) && toInstant(instant) === text;
}
