// What an organization set up: its providers, with secrets sealed at rest and opened only to speak to the provider, and its
// domains. What clients get is made by `toProvider`, which has no secret to give.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type {
  LdapSettings,
  OidcSettings,
  Provider,
  ProviderInput,
  RoleMapping,
  SamlSettings,
} from '#shared/sync/sso-messages.ts';
import { keysOf } from '#server/sso/certificates.ts';
import type { SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

interface Common {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly mapping: RoleMapping;
  readonly savedAtMs: number;
  /** Role of whoever saved it last: a provider signs in nobody who may more. */
  readonly savedByRole: string;
  readonly testedAtMs: number | null;
  readonly sealed: Uint8Array | null;
  /** Of those that are followed by the address of their metadata. */
  readonly metadataReadAtMs: number | null;
  readonly metadataFailure: string | null;
}
export type StoredProvider = Common &
  (
    | { readonly kind: 'oidc'; readonly settings: OidcSettings }
    | { readonly kind: 'saml'; readonly settings: SamlSettings }
    | { readonly kind: 'ldap'; readonly settings: LdapSettings }
  );

const COLUMNS = `id, kind, name, is_active AS "isActive", settings, mapping, secret AS sealed, saved_at AS "savedAtMs",
  saved_by_role AS "savedByRole", tested_at AS "testedAtMs",
  metadata_read_at AS "metadataReadAtMs", metadata_failure AS "metadataFailure"`;

export function readProviders(session: SqlSession, tenantId: TenantId): Promise<readonly StoredProvider[]> {
  return session.query<StoredProvider>(`SELECT ${COLUMNS} FROM sso_provider WHERE tenant = $1 ORDER BY name, id`, [
    tenantId,
  ]);
}

export async function findProvider(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  lock = false,
): Promise<StoredProvider | null> {
  const rows = await session.query<StoredProvider>(
    `SELECT ${COLUMNS} FROM sso_provider WHERE tenant = $1 AND id = $2 ${lock ? 'FOR UPDATE' : ''}`,
    [tenantId, id],
  );
  return rows[0] ?? null;
}

const contextOf = (tenantId: TenantId, id: string): string => `identity provider\n${tenantId}\n${id}`;

export async function openProviderSecret(
  session: SqlSession,
  tenantId: TenantId,
  { id, sealed }: StoredProvider,
): Promise<string | null> {
  return sealed === null ? null : (await openSecret(session, contextOf(tenantId, id), sealed)).toString('utf8');
}

export interface ProviderSaving {
  readonly tenantId: TenantId;
  readonly id: string;
  readonly input: ProviderInput;
  /** What stays of the one before. */
  readonly keptSecret: Uint8Array | null;
  readonly savedByRole: string;
  readonly testedAtMs: number | null;
  readonly nowMs: number;
}

export async function saveProvider(session: SqlSession, saving: ProviderSaving): Promise<void> {
  const { tenantId, id, input, keptSecret, savedByRole, testedAtMs, nowMs } = saving;
  const { kind, name, isActive, settings, mapping, secret } = input;
  const isNew = secret !== undefined && secret !== '';
  const sealed = isNew ? await sealSecret(session, contextOf(tenantId, id), Buffer.from(secret, 'utf8')) : keptSecret;
  await session.query(
    `INSERT INTO sso_provider (tenant, id, kind, name, is_active, settings, mapping, secret, saved_at, saved_by_role, tested_at)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8, $9, $10, $11)
     ON CONFLICT (tenant, id) DO UPDATE SET name = $4, is_active = $5, settings = $6::jsonb, mapping = $7::jsonb, secret = $8,
       saved_at = $9, saved_by_role = $10, tested_at = $11`,
    [
      tenantId,
      id,
      kind,
      name,
      isActive,
      JSON.stringify(settings),
      JSON.stringify(mapping),
      sealed,
      nowMs,
      savedByRole,
      testedAtMs,
    ],
  );
}

/** Whatever was linked through it goes, too. */
export async function removeProvider(session: SqlSession, tenantId: TenantId, id: string): Promise<void> {
  await session.query('DELETE FROM sso_provider WHERE tenant = $1 AND id = $2', [tenantId, id]);
  for (const table of ['sso_identity', 'sso_flow', 'sso_assertion'])
    await session.query(`DELETE FROM ${table} WHERE tenant = $1 AND provider_id = $2`, [tenantId, id]);
}

/** Somebody came through in a test of what is saved now. */
export async function markTested(session: SqlSession, tenantId: TenantId, id: string, nowMs: number): Promise<void> {
  await session.query('UPDATE sso_provider SET tested_at = $3 WHERE tenant = $1 AND id = $2', [tenantId, id, nowMs]);
}

/** What is published was read and is what is saved; `readAtMs` null: the provider is not followed. */
export async function markMetadata(
  session: SqlSession,
  tenantId: TenantId,
  id: string,
  readAtMs: number | null,
): Promise<void> {
  await session.query(
    `UPDATE sso_provider SET metadata_read_at = $3, metadata_tried_at = $3, metadata_failure = NULL
     WHERE tenant = $1 AND id = $2`,
    [tenantId, id, readAtMs],
  );
}

/** For clients. */
export function toProvider(stored: StoredProvider): Provider {
  const { id, name, isActive, mapping, savedAtMs, testedAtMs, sealed } = stored;
  const common = {
    id,
    name,
    isActive,
    mapping,
    hasSecret: sealed !== null,
    savedAt: toInstant(savedAtMs),
    testedAt: testedAtMs === null ? null : toInstant(testedAtMs),
  };
  if (stored.kind === 'oidc') return { ...common, kind: stored.kind, settings: stored.settings };
  if (stored.kind === 'saml')
    return {
      ...common,
      kind: stored.kind,
      settings: stored.settings,
      keys: keysOf(stored.settings.certificates),
      metadata: {
        readAt: stored.metadataReadAtMs === null ? null : toInstant(stored.metadataReadAtMs),
        failure: stored.metadataFailure,
      },
    };
  return { ...common, kind: stored.kind, settings: stored.settings };
}

/** Where the secret goes to, and whose word is believed: with another one neither a secret nor a link to a person stays. */
export function destinationOf({ kind, settings }: Pick<StoredProvider, 'kind' | 'settings'>): string {
  const facts: Readonly<Record<string, unknown>> = { ...settings };
  const names = { oidc: ['issuer'], saml: ['idpIssuer'], ldap: ['host', 'port', 'security', 'baseDn', 'idAttribute'] };
  return JSON.stringify(names[kind].map((name) => facts[name]));
}
