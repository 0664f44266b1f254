// What an entry of a deal's history is about. An entry without a move tells that something about the deal changed, so for
// whoever sees nothing of what changed there is no such entry (`../../access/project.ts`).
import { isJsonEqual } from '#shared/kernel/json.ts';

type Values = Readonly<Record<string, unknown>>;

/** Fields of a deal whose changes are kept, with the group they merge in. */
export const trackedFields = {
  amount: 'amount',
  currency: 'amount',
  closeDate: 'closeDate',
  probability: 'stage',
  forecastCategory: 'stage',
  ownerId: 'owner',
} as const;
export type TrackedField = keyof typeof trackedFields;
export type TrackedGroup = (typeof trackedFields)[TrackedField];

/** Where an entry keeps a field of the deal: before, after. */
export const entryFields: Readonly<Record<TrackedField, readonly [before: string, after: string]>> = {
  amount: ['amountBefore', 'amountAfter'],
  currency: ['currencyBefore', 'currency'],
  closeDate: ['closeDateBefore', 'closeDateAfter'],
  probability: ['probabilityBefore', 'probabilityAfter'],
  forecastCategory: ['forecastCategoryBefore', 'forecastCategoryAfter'],
  ownerId: ['ownerBefore', 'ownerAfter'],
};

const trackedNames = Object.keys(trackedFields) as readonly TrackedField[];

/** True for an entry that tells of a move; the first entry of a deal is one, too. */
export function isMoveEntry(entry: Values): boolean {
  return (entry['fromStage'] ?? null) !== (entry['toStage'] ?? null);
}

/** Fields of the deal that another value came to by this entry, as far as it says. */
export function changedFieldsOf(entry: Values): readonly TrackedField[] {
  return trackedNames.filter((field) => {
    const [before, after] = entryFields[field];
    // Older entries name one currency for both.
    if (field === 'currency' && entry[before] === undefined) return false;
    return !isJsonEqual(entry[before] ?? null, entry[after] ?? null);
  });
}

/** Groups of the deal that an entry without a move is about: `stage` where it tells of no value at all (another pipeline). */
export function changedGroupsOf(entry: Values): readonly TrackedGroup[] {
  const groups = new Set(changedFieldsOf(entry).map((field) => trackedFields[field]));
  return groups.size === 0 ? ['stage'] : [...groups].sort();
}

/** Of a deal before and after: did anything change that its history keeps? */
export function hasTrackedChange(before: Values, after: Values): boolean {
  return [...trackedNames, 'pipelineId', 'stageId'].some(
    (field) => !isJsonEqual(before[field] ?? null, after[field] ?? null),
  );
}

/** Values of an entry about a deal that goes from `before` (null: it is new) to `after`. */
export function trackedValues(before: Values | null, after: Values): Values {
  const values: Record<string, unknown> = {};
  for (const field of trackedNames) {
    const [nameBefore, nameAfter] = entryFields[field];
    values[nameBefore] = before?.[field] ?? null;
    values[nameAfter] = after[field] ?? null;
  }
  return values;
}
