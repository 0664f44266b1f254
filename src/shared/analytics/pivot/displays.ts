// Ways to show a figure beside the figure itself: its share of the row, the column or everything, the running total, and the
// change against the member before or the same period a year before. All are made of the plain figures of the cells.
import type { Aggregation, Display } from '#shared/analytics/pivot-spec.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import type { Axis } from '#shared/analytics/pivot/axis.ts';
import { yearBefore } from '#shared/analytics/pivot/buckets.ts';
import { withoutDust } from '#shared/analytics/pivot/decimals.ts';
import type { PlacedMember } from '#shared/analytics/pivot/members.ts';

/** The figures of one measure, row after row, and what the lines of both axes are. */
export interface Sheet {
  readonly rows: readonly PlacedMember[];
  readonly columns: readonly PlacedMember[];
  readonly rowAxis: Axis;
  readonly columnAxis: Axis;
  readonly values: Float64Array;
  /** Nothing counts as 0: for sums and counts, so that a month without sales is a change. */
  readonly isAdditive: boolean;
}

export const isAdditive = (aggregation: Aggregation): boolean =>
  aggregation === 'sum' || aggregation === 'count' || aggregation === 'distinct';

/** The figures of a sheet in another way; shares and percentages as fractions of 1, empty where there is nothing to compare with. */
export function displayAs(display: Display, sheet: Sheet): Float64Array {
  const { values } = sheet;
  const width = sheet.columns.length;
  switch (display) {
    case 'value': {
      return values;
    }
    case 'rowShare': {
      return values.map((value, at) => share(value, values[at - (at % width)] ?? 0));
    }
    case 'columnShare': {
      return values.map((value, at) => share(value, values[at % width] ?? 0));
    }
    case 'totalShare': {
      return values.map((value) => share(value, values[0] ?? 0));
    }
    case 'runningTotal': {
      return runningTotal(sheet);
    }
    case 'changeFromPrevious': {
      return change(sheet, previousOf(sheet), false);
    }
    case 'percentFromPrevious': {
      return change(sheet, previousOf(sheet), true);
    }
    case 'changeFromSamePeriod': {
      return change(sheet, samePeriodOf(sheet), false);
    }
    case 'percentFromSamePeriod': {
      return change(sheet, samePeriodOf(sheet), true);
    }
  }
}

const share = (value: number, whole: number): number => (whole === 0 ? Number.NaN : value / whole);

/** The axis that runs: the one with time on it, else that of the columns, else that of the rows. */
function runsAlongColumns({ rowAxis, columnAxis }: Sheet): boolean {
  const hasTime = (axis: Axis): boolean => axis.dimensions.some(({ unit }) => unit !== null && unit !== 'weekday');
  if (hasTime(columnAxis)) return true;
  return !hasTime(rowAxis) && columnAxis.dimensions.length > 0;
}

/** Within the parent: a year of months starts anew. Dates run forward in time however they are sorted. */
function runningTotal(sheet: Sheet): Float64Array {
  const totals = new Float64Array(sheet.values.length);
  const alongColumns = runsAlongColumns(sheet);
  const lines = alongColumns ? sheet.columns : sheet.rows;
  const axis = alongColumns ? sheet.columnAxis : sheet.rowAxis;
  const across = alongColumns ? sheet.rows.length : sheet.columns.length;
  const cellOf = (line: number, other: number): number =>
    alongColumns ? other * sheet.columns.length + line : line * sheet.columns.length + other;
  for (const siblings of sequences(lines, axis, (member) => String(member.parent))) {
    for (let other = 0; other < across; other += 1) {
      let sum = 0;
      for (const line of siblings) {
        const value = sheet.values[cellOf(line, other)] ?? Number.NaN;
        if (!Number.isNaN(value)) sum = withoutDust(sum + value, Math.abs(sum));
        totals[cellOf(line, other)] = sum;
      }
    }
  }
  return totals;
}

/** Lines of an axis that follow each other, as lists of places. `nameOf`: lines of one name and one depth belong together. */
function sequences(
  lines: readonly PlacedMember[],
  axis: Axis,
  nameOf: (member: PlacedMember) => string,
): readonly (readonly number[])[] {
  const lists = new Map<string, number[]>();
  for (const [place, member] of lines.entries()) {
    const name = `${String(member.depth)} ${nameOf(member)}`;
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [place]);
    else list.push(place);
  }
  return [...lists.values()].map((places) => places.sort((left, right) => inTime(lines, axis, left, right)));
}

function inTime(lines: readonly PlacedMember[], axis: Axis, left: number, right: number): number {
  const [first, second] = [lines[left], lines[right]];
  for (const [level, { unit, orderOf }] of axis.dimensions.entries()) {
    const [before, after] = [first?.codes[level] ?? -1, second?.codes[level] ?? -1];
    if (unit === null || before === after || before < 0 || after < 0) continue;
    return (orderOf(before) ?? 0) - (orderOf(after) ?? 0);
  }
  return left - right;
}

/** The line each line is compared with; −1: none. */
interface Comparison {
  readonly alongColumns: boolean;
  readonly with: Int32Array;
}

/** December is followed by January of the next year: the years above months of the same field do not part them. */
function previousOf(sheet: Sheet): Comparison {
  const alongColumns = runsAlongColumns(sheet);
  const lines = alongColumns ? sheet.columns : sheet.rows;
  const axis = alongColumns ? sheet.columnAxis : sheet.rowAxis;
  const nameOf = (member: PlacedMember): string => {
    const own = axis.dimensions[member.depth - 1];
    const isTime = own !== undefined && own.unit !== null;
    if (!isTime) return String(member.parent);
    return JSON.stringify(
      member.path.slice(0, -1).map((key, level) => {
        const above = axis.dimensions[level];
        const isSameTime = above?.unit !== null && above?.dimension.field === own.dimension.field;
        return isSameTime && above?.unit !== 'weekday' ? '' : key;
      }),
    );
  };
  const before = new Int32Array(lines.length).fill(-1);
  for (const places of sequences(lines, axis, nameOf)) {
    const known = places.filter((place) => (lines[place]?.path ?? []).every((key) => key !== null && key !== OTHERS));
    for (const [at, place] of known.entries()) before[place] = at === 0 ? -1 : (known[at - 1] ?? -1);
  }
  return { alongColumns, with: before };
}

function samePeriodOf(sheet: Sheet): Comparison {
  const alongColumns = runsAlongColumns(sheet);
  const lines = alongColumns ? sheet.columns : sheet.rows;
  const axis = alongColumns ? sheet.columnAxis : sheet.rowAxis;
  const nameOf = (values: readonly (number | string | null)[]): string => JSON.stringify(values);
  // Times by their bucket, everything else by its key: 29 and 28 February are both compared with 28 February.
  const valuesOf = ({ path, codes }: PlacedMember): (number | string | null)[] =>
    path.map((key, level) => {
      const dimension = axis.dimensions[level];
      const bucket = dimension === undefined || dimension.unit === null ? null : dimension.orderOf(codes[level] ?? -1);
      return bucket ?? key;
    });
  const places = new Map(lines.map((member, place) => [nameOf(valuesOf(member)), place]));
  const others = lines.map((member) => {
    let isShifted = false;
    const shifted = valuesOf(member).map((value, level) => {
      const unit = axis.dimensions[level]?.unit ?? null;
      const before = unit === null || typeof value !== 'number' ? null : yearBefore(value, unit);
      isShifted ||= before !== null;
      return before ?? value;
    });
    return isShifted ? (places.get(nameOf(shifted)) ?? -1) : -1;
  });
  return { alongColumns, with: Int32Array.from(others) };
}

function change(sheet: Sheet, comparison: Comparison, isPercent: boolean): Float64Array {
  const { values, columns, isAdditive } = sheet;
  const width = columns.length;
  return values.map((value, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    const other = comparison.with[comparison.alongColumns ? column : row] ?? -1;
    if (other < 0) return Number.NaN;
    const before = values[comparison.alongColumns ? row * width + other : other * width + column] ?? Number.NaN;
    if (Number.isNaN(value) && Number.isNaN(before)) return Number.NaN;
    const [now, then] = isAdditive ? [orZero(value), orZero(before)] : [value, before];
    const difference = withoutDust(now - then, Math.max(Math.abs(now), Math.abs(then)));
    return isPercent ? share(difference, Math.abs(then)) : difference;
  });
}

const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);
