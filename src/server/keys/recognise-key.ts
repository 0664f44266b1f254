// The caller behind an API key, with what its owner may do at this moment cut to what the key may. Key, owner and rights are
// read with every request, so a key that was revoked, and one whose owner was switched off, is dead with that commit. Who holds
// the right secret is told what is wrong with it; everybody else learns only that there is no such key. That a key is used stands
// in the audit once an hour and for every new address, refusals once an hour for each reason; changes made with it are there anyway.
import { timingSafeEqual } from 'node:crypto';
import { isInRanges, parseRange } from '#shared/access/address-rules.ts';
import { narrowActor } from '#shared/access/narrow-actor.ts';
import { isPermissionName } from '#shared/access/permissions.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { createKnownPeople, type PersonMark, personColumns, personJoins } from '#server/identity/known-people.ts';
import type { LoadedActor } from '#server/identity/load-actor.ts';
import type { Principal } from '#server/identity/principal.ts';
import { KEY_COLUMNS, type KeyRow } from '#server/keys/key-rows.ts';
import { readKeyText } from '#server/keys/key-text.ts';
import { createWrongKeyLimit } from '#server/keys/wrong-key-limit.ts';
import { assertOpenBy, gateColumns, isExempt, type GateRow } from '#server/platform/gate.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { KEY_DEVICE } from '#server/keys/key-device.ts';

interface PresentedRow extends KeyRow, PersonMark, GateRow {
  readonly hash: string;
  readonly prefix: string;
  readonly endsAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
}

const presentedSql = `
  SELECT ${KEY_COLUMNS}, key.user_id AS "userId", secret.hash, secret.prefix, secret.ends_at AS "endsAt",
    secret.last_used_at AS "lastUsedAt", secret.last_used_from AS "lastUsedFrom", ${personColumns},
    ${gateColumns}
  FROM api_key_secret secret
  JOIN api_key key ON key.tenant = secret.tenant AND key.key_id = secret.key_id ${personJoins('key')}
  WHERE secret.tenant = $1 AND secret.prefix = $2`;

/** So often the last use is written down; nobody needs it to the second. */
const NOTE_USE_MS = 60_000;
const NOTE_IN_AUDIT_MS = 3_600_000;
/** Refusals that are remembered as noted; beyond it the oldest are noted again. */
const MOST_NOTED = 5_000;

type RefusalReason = 'expired' | 'rotated' | 'revoked' | 'ownerInactive' | 'address';

const sentences: Readonly<Record<RefusalReason, string>> = {
  expired: 'This API key has expired. Its owner can make a new one.',
  rotated: 'This API key was replaced by a new one.',
  revoked: 'This API key was revoked.',
  ownerInactive: 'The owner of this API key is not active any more.',
  address: 'This API key is not used from this address.',
};

const unknownKey = () => new OutpostError('key_refused', 'There is no such API key.', { reason: 'unknown' });

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refusalOf(row: PresentedRow, isOwnerActive: boolean, address: string, nowMs: number): RefusalReason | null {
  if (row.revokedAt !== null) return row.reason === 'ownerDeactivated' ? 'ownerInactive' : 'revoked';
  if (row.expiresAt <= nowMs) return 'expired';
  if (row.endsAt !== null && row.endsAt <= nowMs) return 'rotated';
  if (!isOwnerActive) return 'ownerInactive';
  const ranges = row.addresses.map((range) => parseRange(range)).filter((range) => range !== null);
  return row.addresses.length > 0 && !isInRanges(address, ranges) ? 'address' : null;
}

export interface KeyRecognition {
  /** @throws OutpostError `key_refused`, `too_many_attempts`, and while the organization is closed what people are told. */
  recognise(token: string, address: string): Promise<Principal>;
}

export function createKeyRecognition(database: SqlDatabase, clock: Clock): KeyRecognition {
  const load = createKnownPeople();
  const limits = createWrongKeyLimit(clock);
  const noted = new Map<string, number>();

  function note(session: SqlSession, tenantId: TenantId, row: PresentedRow, outcome: string, address: string) {
    const who = { actor: row.ownerId, device: `${KEY_DEVICE}${row.id}`, entity: 'apiKey', id: row.id, groups: [] };
    const detail = { name: row.name, prefix: row.prefix, address };
    return appendAudit(session, tenantId, clock.now(), [{ ...who, command: 'apiKey.use', outcome, detail }]);
  }

  /** Once an hour for each key and reason in this process: a program that goes on trying does not fill the audit. */
  async function noteRefusal(tenantId: TenantId, row: PresentedRow, reason: RefusalReason, address: string) {
    const name = `${tenantId} ${row.id} ${reason}`;
    if ((noted.get(name) ?? -Infinity) + NOTE_IN_AUDIT_MS > clock.now()) return;
    noted.delete(name);
    noted.set(name, clock.now());
    const [oldest] = noted.keys();
    if (noted.size > MOST_NOTED && oldest !== undefined) noted.delete(oldest);
    await database.inTenant(tenantId, (session) => note(session, tenantId, row, reason, address));
  }

  async function noteUse(tenantId: TenantId, row: PresentedRow, address: string): Promise<void> {
    const nowMs = clock.now();
    const isNew = row.lastUsedFrom !== address;
    if (row.lastUsedAt !== null && row.lastUsedAt + NOTE_USE_MS > nowMs && !isNew) return;
    await database.inTenant(tenantId, async (session) => {
      // Of requests at the same time one writes it down.
      const changed = await session.query(
        `UPDATE api_key_secret SET last_used_at = $3, last_used_from = $4 WHERE tenant = $1 AND prefix = $2
           AND last_used_at IS NOT DISTINCT FROM $5 RETURNING prefix`,
        [tenantId, row.prefix, nowMs, address, row.lastUsedAt],
      );
      const isDue = row.lastUsedAt === null || hourOf(row.lastUsedAt) !== hourOf(nowMs);
      if (changed.length > 0 && (isDue || isNew)) await note(session, tenantId, row, 'applied', address);
    });
  }

  async function read(tenantId: TenantId, prefix: string) {
    return database.inTenant(
      tenantId,
      async (session) => {
        const [row] = await session.query<PresentedRow>(presentedSql, [tenantId, prefix]);
        if (row === undefined) return null;
        const isOver = row.accessUntil !== null && row.accessUntil <= clock.now();
        return { row, loaded: isOver ? null : await load(session, tenantId, row) };
      },
      { snapshot: true, isHurried: true },
    );
  }

  return {
    async recognise(token, address) {
      const text = readKeyText(token);
      if (text === null) throw unknownKey();
      limits.begin(address);
      const found = await read(text.tenantId, text.prefix);
      if (found === null || !isSame(found.row.hash, text.hash)) throw unknownKey();
      limits.succeed(address);
      const { row, loaded } = found;
      const reason = refusalOf(row, loaded !== null, address, clock.now());
      if (reason !== null || loaded === null) {
        const why = reason ?? 'ownerInactive';
        await noteRefusal(text.tenantId, row, why, address);
        throw new OutpostError('key_refused', sentences[why], { reason: why });
      }
      assertOpenBy(row, { isExempt: isExempt(loaded.actor.permissions), nowMs: clock.now() });
      await noteUse(text.tenantId, row, address);
      return toPrincipal(row, loaded, address);
    },
  };
}

const hourOf = (ms: number) => Math.floor(ms / NOTE_IN_AUDIT_MS);

function toPrincipal(row: PresentedRow, { actor, tenantName }: LoadedActor, address: string): Principal {
  const { id, name } = row;
  const permissions = row.permissions.filter(isPermissionName);
  return {
    actor: narrowActor(actor, { id, name, permissions }),
    tenantName,
    sessionId: `key.${id}`,
    deviceId: `${KEY_DEVICE}${id}`,
    expiresAtMs: row.expiresAt,
    key: { id, ownerRole: actor.role },
    address,
  };
}
