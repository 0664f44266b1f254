// What people do with API keys: make one with a part of the own rights, rotate it, revoke it. The key is told once, when it
// is made or rotated. Administrators see and revoke everybody's and make none for others: a key acts as its owner.
import { parseRange } from '#shared/access/address-rules.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isPermissionName } from '#shared/access/permissions.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId, TenantId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import {
  DEFAULT_KEY_DAYS,
  DEFAULT_OVERLAP_HOURS,
  MOST_KEYS_OF_A_PERSON,
  type ApiKeyList,
  type GivenApiKey,
  type NewApiKey,
  type Rotation,
} from '#shared/sync/access-messages.ts';
import { readAccessRulesIn } from '#server/access/access-rules.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Principal } from '#server/identity/principal.ts';
import { assertProved } from '#server/identity/session-proof.ts';
import { createKeyText } from '#server/keys/key-text.ts';
import {
  insertKey,
  insertSecret,
  lockKey,
  prolongKey,
  readKeys,
  revokeKey,
  type KeyEndReason,
  type KeyRow,
} from '#server/keys/key-rows.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface ApiKeys {
  list(actor: Actor): Promise<ApiKeyList>;
  /** Of the whole organization. @throws OutpostError `action_forbidden` for who does not manage integrations. */
  listAll(actor: Actor): Promise<ApiKeyList>;
  /** @throws OutpostError `action_forbidden`, `invalid`, `limit`, `proof_required` for who did not show lately who they are. */
  create(principal: Principal, wish: NewApiKey): Promise<GivenApiKey>;
  /** @throws OutpostError `not_found` for a key that is not the own one, `invalid` for one that ended, `proof_required`. */
  rotate(principal: Principal, keyId: string, rotation: Rotation): Promise<GivenApiKey>;
  /** Own ones, and those of others by who manages integrations. @throws OutpostError `not_found`. */
  revoke(principal: Principal, keyId: string): Promise<void>;
}

export interface ApiKeyDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly createId: CreateId;
}

/** Whoever decides over the keys of all people. */
export function mayManageKeys(actor: Actor): boolean {
  return actor.permissions.includes('org.manage_integrations');
}

const noSuchKey = () => new OutpostError('not_found', 'There is no such key.');

function checkWish(actor: Actor, wish: NewApiKey): void {
  if (wish.name.trim() === '')
    throw new OutpostError('invalid', 'Give the key a name.', { problems: ['name:required'] });
  const unknown = wish.permissions.filter((name) => !isPermissionName(name));
  if (unknown.length > 0)
    throw new OutpostError('invalid', 'There is no such permission.', { problems: ['permissions:unknown'] });
  const foreign = wish.permissions.filter((name) => !actor.permissions.some((own) => own === name));
  if (foreign.length > 0) {
    throw new OutpostError('action_forbidden', 'A key can do only what you may do yourself.', {
      reason: 'keyMoreThanOwner',
      permissions: foreign,
    });
  }
  if ((wish.addresses ?? []).some((range) => parseRange(range) === null))
    throw new OutpostError('invalid', 'This is no address or range of addresses.', { problems: ['addresses:range'] });
}

function note(
  session: SqlSession,
  { actor, deviceId, address }: Principal,
  nowMs: number,
  what: { readonly command: string; readonly id: string; readonly detail?: Record<string, string> },
): Promise<void> {
  const detail = { ...what.detail, ...(address === undefined ? {} : { address }) };
  return appendAudit(session, actor.tenantId as TenantId, nowMs, [
    { actor: actor.userId, device: deviceId, entity: 'apiKey', groups: [], outcome: 'applied', ...what, detail },
  ]);
}

export function createApiKeys({ database, clock, random, createId }: ApiKeyDependencies): ApiKeys {
  const place = (actor: Actor) => actor.tenantId as TenantId;

  async function assertMayHaveKeys(session: SqlSession, actor: Actor): Promise<void> {
    const { keysFor } = await readAccessRulesIn(session, place(actor));
    if (keysFor === 'administrators' && !mayManageKeys(actor)) {
      throw new OutpostError('action_forbidden', 'In your organization only administrators have API keys.', {
        reason: 'keysForAdministrators',
      });
    }
    const mine = await readKeys(session, place(actor), actor.userId, clock.now());
    if (mine.filter(({ state }) => state === 'living').length >= MOST_KEYS_OF_A_PERSON) {
      throw new OutpostError(
        'invalid',
        `Nobody has more than ${String(MOST_KEYS_OF_A_PERSON)} keys. Revoke one first.`,
        {
          problems: ['name:tooManyKeys'],
        },
      );
    }
  }

  async function found(session: SqlSession, actor: Actor, keyId: string): Promise<GivenApiKey['key']> {
    const key = (await readKeys(session, place(actor), actor.userId, clock.now())).find(({ id }) => id === keyId);
    if (key === undefined) throw noSuchKey();
    return key;
  }

  async function giveSecret(session: SqlSession, actor: Actor, keyId: string, formerUntilMs: number): Promise<string> {
    const { prefix, hash, secret } = createKeyText(place(actor), random);
    await insertSecret(session, place(actor), { keyId, prefix, hash }, formerUntilMs, clock.now());
    return secret;
  }

  return {
    list: (actor) =>
      database.inTenant(place(actor), async (session) => ({
        keys: [...(await readKeys(session, place(actor), actor.userId, clock.now()))],
      })),

    async listAll(actor) {
      if (!mayManageKeys(actor))
        throw new OutpostError('action_forbidden', 'Only an administrator sees the keys of others.');
      return database.inTenant(place(actor), async (session) => ({
        keys: [...(await readKeys(session, place(actor), null, clock.now()))],
      }));
    },

    async create(principal, wish) {
      const { actor } = principal;
      checkWish(actor, wish);
      return database.inTenant(place(actor), async (session) => {
        await assertMayHaveKeys(session, actor);
        await assertProved(session, principal, clock.now());
        const lifetimeDays = wish.expiresInDays ?? DEFAULT_KEY_DAYS;
        const nowMs = clock.now();
        const row: Omit<KeyRow, 'revokedAt' | 'reason'> = {
          id: createId(),
          name: wish.name.trim(),
          ownerId: actor.userId,
          permissions: [...new Set(wish.permissions)].sort(),
          addresses: wish.addresses ?? [],
          lifetimeDays,
          createdAt: nowMs,
          expiresAt: nowMs + lifetimeDays * DAY_MS,
        };
        await insertKey(session, place(actor), row);
        const secret = await giveSecret(session, actor, row.id, nowMs);
        const key = await found(session, actor, row.id);
        const detail = { name: row.name, prefix: key.prefix, permissions: row.permissions.join(' ') };
        await note(session, principal, nowMs, { command: 'apiKey.create', id: row.id, detail });
        return { key, secret };
      });
    },

    async rotate(principal, keyId, { overlapHours = DEFAULT_OVERLAP_HOURS }) {
      const { actor } = principal;
      return database.inTenant(place(actor), async (session) => {
        const nowMs = clock.now();
        const row = await lockKey(session, place(actor), keyId);
        if (row?.ownerId !== actor.userId) throw noSuchKey();
        await assertProved(session, principal, nowMs);
        if (row.revokedAt !== null || row.expiresAt <= nowMs)
          throw new OutpostError('invalid', 'This key has ended. Make a new one.', { problems: ['key:ended'] });
        const secret = await giveSecret(session, actor, keyId, nowMs + overlapHours * HOUR_MS);
        await prolongKey(session, place(actor), keyId, nowMs + row.lifetimeDays * DAY_MS);
        const key = await found(session, actor, keyId);
        const detail = { name: row.name, prefix: key.prefix, overlapHours: String(overlapHours) };
        await note(session, principal, nowMs, { command: 'apiKey.rotate', id: keyId, detail });
        return { key, secret };
      });
    },

    async revoke(principal, keyId) {
      const { actor } = principal;
      await database.inTenant(place(actor), async (session) => {
        const row = await lockKey(session, place(actor), keyId);
        const isOwn = row?.ownerId === actor.userId;
        if (row === null || (!isOwn && !mayManageKeys(actor))) throw noSuchKey();
        if (row.revokedAt !== null) return;
        const reason: KeyEndReason = isOwn ? 'revoked' : 'revokedByAdministrator';
        await revokeKey(session, place(actor), keyId, reason, clock.now());
        await note(session, principal, clock.now(), {
          command: 'apiKey.revoke',
          id: keyId,
          detail: { name: row.name, owner: row.ownerId },
        });
      });
    },
  };
}
