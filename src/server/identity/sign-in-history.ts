// What happened at the door, for the person whose account it is: kept 180 days. Nobody waits for a failure to be written down,
// or an address that is known would take longer to refuse than one that is not.
import { randomUUID } from 'node:crypto';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { SignInHistory } from '#shared/sync/sign-in-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { ProvedBy, SignInFrom } from '#server/identity/sign-in-from.ts';
import type { SqlSession } from '#server/store/database.ts';

const HISTORY_DAYS = 180;
const DAY_MS = 86_400_000;
const MOST_SHOWN = 200;

export type SignInOutcome = 'signedIn' | 'wrongPassword' | 'wrongCode';

export interface SignInEvent extends AccountPlace {
  readonly from: SignInFrom;
  readonly provedBy: ProvedBy;
  readonly outcome: SignInOutcome;
}

/** In the history of the person and in the audit, where the address goes with the person. */
export async function noteSignIn(session: SqlSession, event: SignInEvent, nowMs: number): Promise<void> {
  const { tenantId, userId, outcome, provedBy, from } = event;
  const { deviceId, deviceName, address } = from;
  await session.query(
    `WITH old AS (DELETE FROM sign_in_event WHERE tenant = $1 AND user_id = $3 AND at < $10)
     INSERT INTO sign_in_event (tenant, event_id, user_id, at, outcome, proved_by, device, device_name, address)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenantId,
      randomUUID(),
      userId,
      nowMs,
      outcome,
      provedBy,
      deviceId,
      deviceName,
      address,
      nowMs - HISTORY_DAYS * DAY_MS,
    ],
  );
  const isIn = outcome === 'signedIn';
  await noteOwn(session, event, nowMs, {
    command: isIn ? 'signIn' : 'signInAttempt.fail',
    device: deviceId,
    outcome: isIn ? 'applied' : outcome,
    detail: { address, deviceName, provedBy },
  });
}

interface OwnDeed {
  readonly command: string;
  readonly device: string | null;
  readonly outcome?: string;
  readonly detail?: Readonly<Record<string, string>>;
}

/** What people do with their own account stands in the audit as well. Called last in a transaction, as every entry. */
export function noteOwn(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  nowMs: number,
  { outcome = 'applied', ...what }: OwnDeed,
): Promise<void> {
  const entry = { actor: userId, ...what, entity: 'user', id: userId, groups: [], outcome };
  return appendAudit(session, tenantId, nowMs, [entry]);
}

/** Newest first. */
export async function readSignIns(session: SqlSession, place: AccountPlace): Promise<SignInHistory['events']> {
  const rows = await session.query<Omit<SignInHistory['events'][number], 'at'> & { readonly at: number }>(
    `SELECT event_id AS id, at, outcome, proved_by AS "provedBy", device_name AS "deviceName", address
     FROM sign_in_event WHERE tenant = $1 AND user_id = $2 ORDER BY at DESC, event_id LIMIT ${String(MOST_SHOWN)}`,
    [place.tenantId, place.userId],
  );
  return rows.map((row) => ({ ...row, at: toInstant(row.at) }));
}

/** One row for all unknown names: whoever listens to how busy the server is afterwards hears the same as after a known one. */
export async function noteNobody(
  session: SqlSession,
  { tenantId, userId }: AccountPlace,
  nowMs: number,
): Promise<void> {
  await session.query(
    `INSERT INTO sign_in_event (tenant, event_id, user_id, at, outcome, proved_by, device, device_name, address)
     VALUES ($1, 'nobody', $2, $3, 'wrongPassword', 'password', '', '', '')
     ON CONFLICT (tenant, event_id) DO UPDATE SET at = excluded.at`,
    [tenantId, userId, nowMs],
  );
}
