import { useLive } from '#renderer/data/use-data.ts';
import type { CustomizableEntity } from '#shared/entities/custom-field/custom-slots.ts';

/** Records on this computer with a value in a field; null until that is known. */
export function useFilledCount(entity: CustomizableEntity, slot: string): number | null {
  const { data, isCurrent } = useLive('aggregate', {
    entity,
    filter: { field: slot, op: 'isNotEmpty', value: null },
    groupBy: null,
    sums: [],
  });
  return isCurrent && data !== undefined ? (data.groups[0]?.count ?? 0) : null;
}
