/** Change in per cent, of a share in points; null where there is nothing to compare with. */
export function changeOf(value: number | null, previous: number | null, isShare: boolean): number | null {
  if (value === null || previous === null) return null;
  if (isShare) return value - previous;
  return previous === 0 ? null : ((value - previous) / Math.abs(previous)) * 100;
}
