// The devices somebody signed in on: seen, named, signed out and erased, by the person and by whoever decides over how the
// person signs in (`can()`, asked in the transaction that does it). A device is known by its latest session, and by an order to
// erase it also when its sessions are long gone.
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { DeviceState, KnownDevice } from '#shared/sync/people-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { toOneLine } from '#server/identity/accounts.ts';
import type { IdentityDependencies } from '#server/identity/create-identity.ts';
import { cancelWipe, orderWipe, type DevicePlace } from '#server/identity/device-wipes.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { mayGive } from '#server/identity/one-time-passwords.ts';
import type { Principal } from '#server/identity/principal.ts';
import { revokeDevice, revokeSessionsOf } from '#server/identity/sessions.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

/** Each throws what `can()` refuses with, and `not_found` for a device the person never used. */
export interface DeviceControl {
  list(principal: Principal, userId: string): Promise<readonly KnownDevice[]>;
  /** An empty name takes the given one back. */
  rename(principal: Principal, userId: string, deviceId: string, name: string): Promise<void>;
  /** Its session ends; what is on it stays sealed until the person signs in there again. */
  end(principal: Principal, userId: string, deviceId: string): Promise<void>;
  /** All but the one that asks. */
  endAll(principal: Principal, userId: string): Promise<void>;
  /** Erases everything Outpost has on it at its next contact. Throws `invalid` for the device that asks. */
  wipe(principal: Principal, userId: string, deviceId: string): Promise<void>;
  /** Throws `not_found` when it was told already. */
  cancelWipe(principal: Principal, userId: string, deviceId: string): Promise<void>;
}

interface DeviceRow {
  readonly id: string;
  readonly ownName: string | null;
  readonly givenName: string | null;
  readonly createdAt: number | null;
  readonly lastSeenAt: number | null;
  readonly address: string | null;
  readonly isLiving: boolean;
  readonly orderedAt: number | null;
  readonly toldAt: number | null;
  readonly wipedAt: number | null;
}

const devicesSql = `
  WITH latest AS (
    SELECT DISTINCT ON (device) device, device_name, created_at, last_seen_at, address,
      revoked_at IS NULL AND expires_at > $3::bigint AS living
    FROM session WHERE tenant = $1 AND user_id = $2 ORDER BY device, (revoked_at IS NULL) DESC, created_at DESC, session_id),
  known AS (SELECT * FROM device WHERE tenant = $1 AND user_id = $2)
  SELECT coalesce(latest.device, known.device) AS id, latest.device_name AS "ownName", known.given_name AS "givenName",
    latest.created_at AS "createdAt", greatest(latest.last_seen_at, known.last_seen_at) AS "lastSeenAt", latest.address,
    coalesce(latest.living, false) AS "isLiving", known.wipe_ordered_at AS "orderedAt", known.wipe_told_at AS "toldAt",
    known.wiped_at AS "wipedAt"
  FROM latest FULL JOIN known ON known.device = latest.device
  WHERE latest.device IS NOT NULL OR known.wipe_ordered_at IS NOT NULL
  ORDER BY coalesce(latest.living, false) DESC, greatest(latest.last_seen_at, known.last_seen_at) DESC, 1`;

const toInstantOrNull = (epochMs: number | null): string | null => (epochMs === null ? null : toInstant(epochMs));

function stateOf(row: DeviceRow): DeviceState {
  // Signed in after it was erased: it is a device like any other again.
  if (row.isLiving) return 'signedIn';
  if (row.wipedAt !== null) return 'wiped';
  if (row.toldAt !== null) return 'wipeTold';
  return row.orderedAt === null ? 'signedOut' : 'wipeOrdered';
}

function toDevice(row: DeviceRow, currentId: string | null): KnownDevice {
  return {
    id: row.id,
    name: row.givenName ?? row.ownName ?? '',
    isNamed: row.givenName !== null,
    state: stateOf(row),
    isCurrent: row.id === currentId,
    signedInAt: toInstantOrNull(row.createdAt),
    lastSeenAt: toInstantOrNull(row.lastSeenAt),
    address: row.address,
    wipeOrderedAt: toInstantOrNull(row.orderedAt),
    wipeToldAt: toInstantOrNull(row.toldAt),
    wipedAt: toInstantOrNull(row.wipedAt),
  };
}

/** Null when the caller may; everybody may with the own devices. */
async function judge(session: SqlSession, principal: Principal, userId: string): Promise<OutpostError | null> {
  if (userId === principal.actor.userId) return null;
  const tenantId = principal.actor.tenantId as TenantId;
  const loaded = await readActor(session, tenantId, principal.actor.userId as UserId);
  if (loaded === null) return new OutpostError('account_deactivated', 'Your account was deactivated.');
  const user = await findRecord(session, tenantId, 'user', userId);
  const allowed = mayGive(loaded.actor, user?.record ?? null);
  return allowed.ok ? null : allowed.error;
}

async function isKnownDevice(session: SqlSession, { tenantId, userId, deviceId }: DevicePlace): Promise<boolean> {
  const rows = await session.query(
    `SELECT 1 AS one FROM session WHERE tenant = $1 AND user_id = $2 AND device = $3
     UNION SELECT 1 FROM device WHERE tenant = $1 AND user_id = $2 AND device = $3`,
    [tenantId, userId, deviceId],
  );
  return rows.length > 0;
}

const noDevice = () => new OutpostError('not_found', 'This person has no such device.');

export function createDeviceControl({ database, clock, random }: IdentityDependencies): DeviceControl {
  /** Does it when it may be done; the audit says either. */
  async function change(
    principal: Principal,
    userId: string,
    { command, deviceId }: { readonly command: string; readonly deviceId: string | null },
    work: (session: SqlSession, tenantId: TenantId) => Promise<OutpostError | null>,
  ): Promise<void> {
    const tenantId = principal.actor.tenantId as TenantId;
    const refusal = await database.inTenant(tenantId, async (session) => {
      const judged = (await judge(session, principal, userId)) ?? (await missing(session, tenantId));
      const outcome = judged ?? (await work(session, tenantId));
      const by = { actor: principal.actor.userId, device: principal.deviceId };
      const what = { command, entity: 'user', id: userId, groups: [], outcome: outcome?.code ?? 'applied' };
      const detail = deviceId === null ? {} : { detail: { deviceId } };
      await appendAudit(session, tenantId, clock.now(), [{ ...by, ...what, ...detail }]);
      return outcome;
    });
    // Thrown after the commit, so that the refusal stands in the audit.
    if (refusal !== null) throw refusal;

    async function missing(session: SqlSession, tenantId: TenantId): Promise<OutpostError | null> {
      if (deviceId === null || (await isKnownDevice(session, { tenantId, userId, deviceId }))) return null;
      return noDevice();
    }
  }

  return {
    list: (principal, userId) =>
      database.inTenant(principal.actor.tenantId as TenantId, async (session) => {
        const refusal = await judge(session, principal, userId);
        if (refusal !== null) throw refusal;
        const rows = await session.query<DeviceRow>(devicesSql, [principal.actor.tenantId, userId, clock.now()]);
        const currentId = userId === principal.actor.userId ? principal.deviceId : null;
        return rows.map((row) => toDevice(row, currentId));
      }),

    rename: (principal, userId, deviceId, name) =>
      change(principal, userId, { command: 'device.rename', deviceId }, async (session, tenantId) => {
        const given = toOneLine(name);
        await session.query(
          `INSERT INTO device (tenant, device, user_id, created_at, last_seen_at, given_name) VALUES ($1, $2, $3, $4, $4, $5)
           ON CONFLICT (tenant, device, user_id) DO UPDATE SET given_name = $5`,
          [tenantId, deviceId, userId, clock.now(), given === '' ? null : given],
        );
        return null;
      }),

    end: (principal, userId, deviceId) =>
      change(principal, userId, { command: 'session.end', deviceId }, async (session, tenantId) => {
        await revokeDevice(session, { tenantId, userId, deviceId }, 'ended', clock.now());
        return null;
      }),

    endAll: (principal, userId) =>
      change(principal, userId, { command: 'session.end', deviceId: null }, async (session, tenantId) => {
        const place = { tenantId, userId: userId as UserId };
        await revokeSessionsOf(session, place, 'ended', clock.now(), principal.sessionId);
        return null;
      }),

    wipe: (principal, userId, deviceId) =>
      change(principal, userId, { command: 'device.wipe', deviceId }, async (session, tenantId) => {
        const place = { tenantId, userId, deviceId };
        if (userId === principal.actor.userId && deviceId === principal.deviceId)
          return new OutpostError('invalid', 'Sign out and discard to erase the device you are using.', {
            problems: ['device:current'],
          });
        await orderWipe(session, place, principal.actor.userId, random, clock.now());
        await revokeDevice(session, place, 'wiped', clock.now());
        return null;
      }),

    cancelWipe: (principal, userId, deviceId) =>
      change(principal, userId, { command: 'device.cancelWipe', deviceId }, async (session, tenantId) =>
        (await cancelWipe(session, { tenantId, userId, deviceId }))
          ? null
          : new OutpostError('not_found', 'Nothing is ordered for this device, or it was told already.'),
      ),
  };
}
