// SAML providers that are followed by the address of their metadata: they change their keys, and nobody has to copy them. Only an
// answer that can be read whole, of the very provider that was saved, changes anything; whatever else comes, the last good one
// stays and administrators are told.
import type { TenantId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { AskMetadata, FoundMetadata, SamlSettings } from '#shared/sync/sso-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Egress } from '#server/egress/egress.ts';
import { keysOf } from '#server/sso/certificates.ts';
import { findProvider, markMetadata, type StoredProvider } from '#server/sso/providers.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
/** Whoever sends answers with foreign signatures must not make this server ask all the time. */
const REST_MS = 5 * 60_000;
const LOOK_MS = 600_000;

export type FollowedProvider = StoredProvider & { readonly kind: 'saml' };

export interface MetadataFollower {
  /** What is published there, or stands in the text. @throws OutpostError `provider_failed`, `address_forbidden` */
  read(asked: AskMetadata): Promise<FoundMetadata>;
  /** Asks again, unless that was done just now. The provider as it is since, or null when nothing changed. */
  renew(tenantId: TenantId, providerId: string): Promise<FollowedProvider | null>;
  /** Every provider of every organization that was not asked for a day. */
  renewAll(): Promise<void>;
}

export interface MetadataFollowerDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly egress: Egress;
}

/** Loaded with the first one: most servers never need it. */
const loadMetadata = () => import('#server/sso/saml-metadata.ts');

export function createMetadataFollower({ database, clock, egress }: MetadataFollowerDependencies): MetadataFollower {
  /** By one server at a time, and not more often than every few minutes. */
  async function claim(tenantId: TenantId, id: string): Promise<FollowedProvider | null> {
    const nowMs = clock.now();
    return database.inTenant(tenantId, async (session) => {
      const rows = await session.query(
        `UPDATE sso_provider SET metadata_tried_at = $3::bigint
         WHERE tenant = $1 AND id = $2 AND kind = 'saml' AND settings->>'metadataAddress' <> ''
           AND coalesce(metadata_tried_at, 0) <= $3::bigint - $4::bigint RETURNING 1 AS one`,
        [tenantId, id, nowMs, REST_MS],
      );
      const provider = rows.length === 0 ? null : await findProvider(session, tenantId, id);
      return provider?.kind === 'saml' ? provider : null;
    });
  }

  async function ask(asked: FollowedProvider): Promise<FoundMetadata | OutpostError> {
    const { fetchMetadata, failMetadata } = await loadMetadata();
    try {
      const found = await fetchMetadata(egress, asked.settings.metadataAddress, clock.now());
      return found.entityId === asked.settings.idpIssuer ? found : failMetadata('otherEntity');
    } catch (error) {
      if (error instanceof OutpostError) return error;
      throw error;
    }
  }

  async function renew(tenantId: TenantId, id: string): Promise<FollowedProvider | null> {
    const asked = await claim(tenantId, id);
    if (asked === null) return null;
    const answer = await ask(asked);
    return database.inTenant(tenantId, async (session) => {
      const present = await findProvider(session, tenantId, id, true);
      // Somebody saved it meanwhile: what was asked for is not what there is now.
      if (present?.kind !== 'saml' || present.savedAtMs !== asked.savedAtMs) return null;
      if (answer instanceof OutpostError) {
        await noteFailure(session, tenantId, present, answer, clock.now());
        return null;
      }
      await markMetadata(session, tenantId, id, clock.now());
      return takeOver(session, tenantId, present, answer, clock.now());
    });
  }

  return {
    async read(asked) {
      const { fetchMetadata, parseMetadata } = await loadMetadata();
      return 'xml' in asked
        ? parseMetadata(asked.xml.replace(/^\uFEFF/, ''), clock.now())
        : fetchMetadata(egress, asked.address, clock.now());
    },
    renew,
    async renewAll() {
      const tenants = await database.asOwner((session) =>
        session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head'),
      );
      for (const { tenant } of tenants) {
        const due = await database.inTenant(tenant, (session) =>
          session.query<{ id: string }>(
            `SELECT id FROM sso_provider WHERE tenant = $1 AND kind = 'saml' AND settings->>'metadataAddress' <> ''
               AND coalesce(metadata_tried_at, 0) <= $2::bigint`,
            [tenant, clock.now() - DAY_MS],
          ),
        );
        for (const { id } of due) await renew(tenant, id);
      }
    },
  };
}

async function takeOver(
  session: SqlSession,
  tenantId: TenantId,
  before: FollowedProvider,
  { entryPoint, certificates }: FoundMetadata,
  nowMs: number,
): Promise<FollowedProvider | null> {
  const was = fingerprintsOf(before.settings);
  const settings: SamlSettings = { ...before.settings, entryPoint, certificates };
  const is = fingerprintsOf(settings);
  const added = is.filter((key) => !was.includes(key));
  const removed = was.filter((key) => !is.includes(key));
  const isMoved = entryPoint !== before.settings.entryPoint;
  if (added.length === 0 && removed.length === 0 && !isMoved) return null;
  await session.query('UPDATE sso_provider SET settings = $3::jsonb WHERE tenant = $1 AND id = $2', [
    tenantId,
    before.id,
    JSON.stringify(settings),
  ]);
  await note(session, tenantId, before, nowMs, 'applied', {
    ...(added.length === 0 ? {} : { certificatesAdded: added.join(' ') }),
    ...(removed.length === 0 ? {} : { certificatesRemoved: removed.join(' ') }),
    ...(isMoved ? { entryPoint } : {}),
  });
  return { ...before, settings };
}

async function noteFailure(
  session: SqlSession,
  tenantId: TenantId,
  before: FollowedProvider,
  error: OutpostError,
  nowMs: number,
): Promise<void> {
  const failure = textOf(error.details['failure']) || error.code;
  // Once, not every day that it lasts.
  if (failure === before.metadataFailure) return;
  await session.query('UPDATE sso_provider SET metadata_failure = $3 WHERE tenant = $1 AND id = $2', [
    tenantId,
    before.id,
    failure,
  ]);
  await note(session, tenantId, before, nowMs, error.code, { reason: failure });
}

function note(
  session: SqlSession,
  tenantId: TenantId,
  { id, name, settings }: FollowedProvider,
  nowMs: number,
  outcome: string,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  const what = { command: 'integration.change', entity: 'integration', id, groups: ['settings'], outcome };
  return appendAudit(session, tenantId, nowMs, [
    {
      actor: null,
      device: null,
      ...what,
      detail: { name, kind: 'saml', metadata: settings.metadataAddress, ...detail },
    },
  ]);
}

function fingerprintsOf({ certificates }: SamlSettings): readonly string[] {
  return keysOf(certificates).map(({ fingerprint }) => fingerprint);
}

/** Looks every few minutes whose day is over. Answers how to stop. */
export function startFollowing(follower: MetadataFollower, onError: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const look = (): void => {
    running = running.then(() => follower.renewAll()).catch(onError);
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
