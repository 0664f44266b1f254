// Whether an organization may exchange with its server. Suspended, or closed for maintenance, it is asked to come back later:
// its sessions stay, its computers go on without the network as long as their lease lasts, and send what they hold when it opens.
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';

/** Nobody waits longer for an answer that may have changed. */
const LONGEST_PAUSE_SECONDS = 60;

export interface OrganizationGate {
  readonly isSuspended: boolean;
  /** Told to its people; may be empty. */
  readonly reason: string;
  readonly maintenance: Maintenance | null;
}

/** Why nobody of the organization is answered now; null when it is open. */
export function findClosure(
  { isSuspended, reason, maintenance }: OrganizationGate,
  nowMs: number,
): OutpostError | null {
  if (isSuspended) {
    return new OutpostError(
      'organization_suspended',
      'Your organization was suspended by the operator of this server. What you work on stays on this computer and is sent when it is resumed.',
      { suspendedFor: reason, retryAfterSeconds: LONGEST_PAUSE_SECONDS },
    );
  }
  if (maintenance?.closes !== true) return null;
  const untilMs = toEpochMs(maintenance.until);
  if (nowMs < toEpochMs(maintenance.from) || nowMs >= untilMs) return null;
  return new OutpostError(
    'under_maintenance',
    'The server is closed for maintenance. What you work on stays on this computer and is sent when it opens.',
    {
      until: maintenance.until,
      retryAfterSeconds: Math.min(LONGEST_PAUSE_SECONDS, Math.max(1, Math.ceil((untilMs - nowMs) / 1000))),
    },
  );
}
