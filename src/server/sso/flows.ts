// A sign-in on its way through the browser. Its name is a secret of 256 bits, kept as a hash; it is good for some minutes, for
// one visit to the provider and, once somebody came back, for one exchange by whoever knows the verifier (RFC 7636).
import { createHash, timingSafeEqual } from 'node:crypto';
import { isId, type TenantId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';
import type { SqlSession } from '#server/store/database.ts';

/** Time to sign in at the provider, with a second factor and a forgotten password. */
export const FLOW_LIFETIME_MS = 10 * 60_000;
/** The application waits for it. */
export const CODE_LIFETIME_MS = 60_000;

export interface FlowStart {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  /** Typed before; the provider fills it in. Empty in a test. */
  readonly email: string;
  /** An administrator who tries the provider: nobody is signed in. */
  readonly triedBy: string | null;
}

/** Of our own exchange with the provider. */
export interface FlowSecrets {
  readonly verifier: string;
  readonly nonce: string;
  /** Of SAML: the request that the answer has to name. */
  readonly requestId: string;
}

export interface FlowData extends FlowStart {
  readonly secrets: FlowSecrets | null;
  readonly outcome: unknown;
  readonly codeHash: string | null;
}

export interface Flow {
  readonly tenantId: TenantId;
  readonly providerId: string;
  readonly data: FlowData;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export function createToken(tenantId: TenantId, random: RandomSource): string {
  return `${tenantId}~${Buffer.from(random.bytes(32)).toString('base64url')}`;
}

/** A token begins with its organization: that must be known to look it up. */
export function tenantOfToken(token: string): TenantId | null {
  const [tenantId, secret, ...rest] = token.split('~');
  return isId(tenantId) && secret !== undefined && rest.length === 0 ? (tenantId as TenantId) : null;
}

export async function openFlow(
  session: SqlSession,
  { tenantId, providerId, token }: { readonly tenantId: TenantId; readonly providerId: string; readonly token: string },
  start: FlowStart,
  nowMs: number,
): Promise<void> {
  const data: FlowData = { ...start, secrets: null, outcome: null, codeHash: null };
  await session.query('DELETE FROM sso_flow WHERE tenant = $1 AND expires_at < $2', [tenantId, nowMs]);
  await session.query(
    'INSERT INTO sso_flow (tenant, flow_hash, provider_id, data, expires_at) VALUES ($1, $2, $3, $4::jsonb, $5)',
    [tenantId, hashOf(token), providerId, JSON.stringify(data), nowMs + FLOW_LIFETIME_MS],
  );
}

/** Locked until the end of the transaction; null when there is none, or it is too old. */
export async function lockFlow(
  session: SqlSession,
  tenantId: TenantId,
  token: string,
  nowMs: number,
): Promise<Flow | null> {
  const rows = await session.query<{ providerId: string; data: FlowData }>(
    `SELECT provider_id AS "providerId", data FROM sso_flow
     WHERE tenant = $1 AND flow_hash = $2 AND expires_at > $3 FOR UPDATE`,
    [tenantId, hashOf(token), nowMs],
  );
  const row = rows[0];
  return row === undefined ? null : { tenantId, ...row };
}

/** Before the visit to the provider; once. */
export async function keepSecrets(session: SqlSession, flow: Flow, token: string, secrets: FlowSecrets): Promise<void> {
  await session.query('UPDATE sso_flow SET data = $3::jsonb WHERE tenant = $1 AND flow_hash = $2', [
    flow.tenantId,
    hashOf(token),
    JSON.stringify({ ...flow.data, secrets }),
  ]);
}

/** The way to the provider ends: whatever it answered cannot be answered again. */
export async function closeFlow(session: SqlSession, tenantId: TenantId, token: string): Promise<void> {
  await session.query('DELETE FROM sso_flow WHERE tenant = $1 AND flow_hash = $2', [tenantId, hashOf(token)]);
}

/** What came of it, to be fetched with a code. */
export async function keepOutcome(
  session: SqlSession,
  flow: Flow,
  code: string,
  outcome: unknown,
  nowMs: number,
): Promise<void> {
  const data: FlowData = { ...flow.data, secrets: null, outcome, codeHash: hashOf(code) };
  await session.query(
    'INSERT INTO sso_flow (tenant, flow_hash, provider_id, data, expires_at) VALUES ($1, $2, $3, $4::jsonb, $5)',
    [flow.tenantId, hashOf(code), flow.providerId, JSON.stringify(data), nowMs + CODE_LIFETIME_MS],
  );
}

/** Whoever shows a code uses it up, also with a wrong verifier. */
export async function takeOutcome(
  session: SqlSession,
  tenantId: TenantId,
  { code, codeVerifier }: { readonly code: string; readonly codeVerifier: string },
  nowMs: number,
): Promise<Flow | null> {
  const flow = await lockFlow(session, tenantId, code, nowMs);
  await closeFlow(session, tenantId, code);
  if (flow === null || flow.data.codeHash !== hashOf(code)) return null;
  const [shown, kept] = [Buffer.from(hashOf(codeVerifier)), Buffer.from(flow.data.codeChallenge)];
  return shown.length === kept.length && timingSafeEqual(shown, kept) ? flow : null;
}
