// Whether a button is worth offering: the same `can()` that the data host and the server ask, never a rule of its own.
import { useCallback } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { can, mayReassign } from '#shared/access/can.ts';
import type { RecordAction } from '#shared/access/roles.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';

/** Asks for the signed-in person; without a record about anyone's, so only `create` can be allowed. */
export function useCan(): (
  action: RecordAction,
  definition: EntityDefinition,
  record?: AnyRecord,
  groups?: readonly string[],
) => boolean {
  const actor = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor : null,
  );
  const isViewing = useAppSelector((state) => state.device.viewAs !== null);
  return useCallback(
    (action, definition, record, groups = []) =>
      actor !== null &&
      // Looking as another role changes nothing.
      (!isViewing || action === 'read') &&
      can({ actor, action, definition, before: record ?? null, after: null, groups, isVisible: record !== undefined })
        .ok,
    [actor, isViewing],
  );
}

/** True when the signed-in person may give records to others. */
export function useMayReassign(): boolean {
  return useAppSelector(
    (state) =>
      state.device.viewAs === null &&
      state.device.session?.status === 'signedIn' &&
      mayReassign(state.device.session.actor),
  );
}
