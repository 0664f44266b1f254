// Before somebody changes how they sign in, they show once more who they are: an open window, or a stolen token, is not enough
// to take the account over. What was shown at the sign-in counts for ten minutes, as what is shown here does.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { ProveAgain } from '#shared/sync/sign-in-messages.ts';
import { type AccountPlace, readCredentials } from '#server/identity/accounts.ts';
import type { AttemptLimits } from '#server/identity/attempt-limits.ts';
import { readFactors, useTotp } from '#server/identity/factors/factor-store.ts';
import { useRecoveryCode } from '#server/identity/factors/recovery-codes.ts';
import { openProof, TICKET_LIFETIME_MS } from '#server/identity/passkeys/page-ticket.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import type { Principal } from '#server/identity/principal.ts';
import { noteOwn } from '#server/identity/sign-in-history.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export const PROOF_LIFETIME_MS = 10 * 60_000;

export function placeOf({ actor }: Pick<Principal, 'actor'>): AccountPlace {
  return { tenantId: actor.tenantId as TenantId, userId: actor.userId as UserId };
}

/** Instant until which the proof of this session holds; null when it is over. */
export async function readProvedUntil(
  session: SqlSession,
  { tenantId, sessionId }: { readonly tenantId: TenantId; readonly sessionId: string },
  nowMs: number,
): Promise<number | null> {
  const [row] = await session.query<{ provedAt: number | null }>(
    'SELECT proved_at AS "provedAt" FROM session WHERE tenant = $1 AND session_id = $2',
    [tenantId, sessionId],
  );
  const untilMs = (row?.provedAt ?? 0) + PROOF_LIFETIME_MS;
  return untilMs > nowMs ? untilMs : null;
}

/** Throws `proof_required`. */
export async function assertProved(session: SqlSession, principal: Principal, nowMs: number): Promise<void> {
  const { tenantId } = placeOf(principal);
  const untilMs = await readProvedUntil(session, { tenantId, sessionId: principal.sessionId }, nowMs);
  if (untilMs === null) throw new OutpostError('proof_required', 'Confirm first that it is you.');
}

export interface ProofDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly limits: AttemptLimits;
}

/** A passkey was shown on a page, lately, for this session; what came back from there is worth nothing a second time. */
async function proveByPasskey(
  { database, clock }: ProofDependencies,
  principal: Principal,
  pageCode: string,
): Promise<void> {
  const place = placeOf(principal);
  const { sessionId, deviceId } = principal;
  const proof = await openProof(database, pageCode);
  const nowMs = clock.now();
  const isOwn = proof !== null && proof.tenantId === place.tenantId && proof.sessionId === sessionId;
  const isLate = proof === null || proof.usedAtMs + TICKET_LIFETIME_MS <= nowMs;
  const isRight = await database.inTenant(place.tenantId, async (session) => {
    // The moment the passkey was used counts, so showing this again adds nothing.
    if (isOwn && !isLate)
      await session.query(
        `UPDATE session SET proved_at = greatest(coalesce(proved_at, 0), $3::bigint) WHERE tenant = $1 AND session_id = $2`,
        [place.tenantId, sessionId, proof.usedAtMs],
      );
    const outcome = isOwn && !isLate ? 'applied' : 'wrongCode';
    const detail = { provedBy: 'passkey' };
    await noteOwn(session, place, nowMs, { command: 'identity.confirm', device: deviceId, outcome, detail });
    return isOwn && !isLate;
  });
  if (!isRight) throw new OutpostError('wrong_code', 'This passkey was not taken.');
}

/**
 * By a passkey, or by everything else the account has. Throws `wrong_credentials`, `wrong_code`, `too_many_attempts`,
 * `proof_required` for somebody who has to sign in anew for it.
 */
export async function proveAgain(
  dependencies: ProofDependencies,
  principal: Principal,
  { password, code, pageCode, address }: ProveAgain & { readonly address: string },
): Promise<void> {
  if (pageCode !== undefined) return proveByPasskey(dependencies, principal, pageCode);
  const { database, clock, passwords, limits } = dependencies;
  const place = placeOf(principal);
  const limited = `prove ${place.tenantId} ${place.userId}`;
  const { credentials, hasTotp } = await database.inTenant(place.tenantId, async (session) => ({
    credentials: await readCredentials(session, place, false),
    hasTotp: (await readFactors(session, place)).some(({ kind }) => kind === 'totp'),
  }));
  if (credentials.passwordHash === null && !hasTotp)
    throw new OutpostError('proof_required', 'Sign out and in again: your account has nothing else to show.');
  await limits.begin(limited, address);
  if (credentials.passwordHash !== null && !(await passwords.isCorrect(credentials.passwordHash, password ?? '')))
    throw new OutpostError('wrong_credentials', 'The password is wrong.');
  const isRight = await database.inTenant(place.tenantId, async (session) => {
    const nowMs = clock.now();
    const isCodeRight =
      !hasTotp ||
      (await useTotp(session, place, code ?? '', nowMs)) ||
      (await useRecoveryCode(session, place, code ?? '', nowMs));
    if (isCodeRight)
      await session.query('UPDATE session SET proved_at = $3 WHERE tenant = $1 AND session_id = $2', [
        place.tenantId,
        principal.sessionId,
        nowMs,
      ]);
    const outcome = isCodeRight ? 'applied' : 'wrongCode';
    await noteOwn(session, place, nowMs, { command: 'identity.confirm', device: principal.deviceId, outcome });
    return isCodeRight;
  });
  // Thrown after the commit, so that it stands in the audit.
  if (!isRight) throw new OutpostError('wrong_code', 'This code is wrong, or was used before.');
  await limits.succeed(limited, address);
}
