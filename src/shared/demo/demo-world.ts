import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { toDay, toInstant, type Day } from '#shared/kernel/calendar.ts';
import { createIdFactory, type CreateId } from '#shared/kernel/ids.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';

export const DAY_MS = 86_400_000;
export const DEMO_CURRENCY = 'EUR';

/** What all parts of the generator share: one source of chance, one clock that stands still. */
export interface DemoWorld {
  readonly random: SeededRandom;
  readonly createId: CreateId;
  readonly nowMs: number;
  readonly today: Day;
}

export function createDemoWorld(seed: number, nowMs: number): DemoWorld {
  const random = createSeededRandom(seed);
  return { random, createId: createIdFactory({ now: () => nowMs }, random), nowMs, today: toDay(nowMs) };
}

/** A record as if it had been entered at that instant by that user. Undefined values are left out. */
export function makeRecord(
  kind: EntityName,
  id: string,
  entered: { readonly atMs: number; readonly by: string | null },
  values: Readonly<Record<string, unknown>>,
): AnyRecord {
  const at = toInstant(entered.atMs);
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const stamps = { createdAt: at, createdBy: entered.by, updatedAt: at, updatedBy: entered.by };
  return {
    ownerId: null,
    teamId: null,
    ...Object.fromEntries(filled),
    id,
    kind,
    rev: 0,
    ...stamps,
  };
}

/** Draws around a middle value with a long tail to the right, like amounts and durations have. */
export function drawSkewed(random: SeededRandom, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  return median * Math.exp(spread * normal);
}

/** A working hour of the given day, in milliseconds. */
export function atOffice(random: SeededRandom, dayMs: number): number {
  return dayMs - (dayMs % DAY_MS) + random.integer(8 * 60, 17 * 60) * 60_000;
}

/** Letters and digits of a name, for addresses. */
export function toSlug(text: string): string {
  const folded = text.replaceAll('ß', 'ss').replaceAll('ø', 'o').replaceAll('ł', 'l').normalize('NFD');
  return folded
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** A number from a range that is reserved for fiction. */
export function drawPhone(random: SeededRandom): string {
  return `+49 30 23125 ${String(random.integer(0, 999)).padStart(3, '0')}`;
}
