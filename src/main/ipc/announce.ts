import type { WindowRole } from '#shared/ipc/channel.ts';
import type { EventPayloads } from '#shared/ipc/contract.ts';
import type { EventName } from '#shared/ipc/channel-names.ts';

/** Tells windows of a role (all when none is named) that something is so now. Closed windows are skipped. */
export type Announce = <Name extends EventName>(
  name: Name,
  payload: EventPayloads[Name],
  roles?: readonly WindowRole[],
) => void;
