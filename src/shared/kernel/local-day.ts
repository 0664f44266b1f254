/** The day of an instant where the user is, as records store days (`2026-11-26`). */
export function toLocalDay(date: Date): string {
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
