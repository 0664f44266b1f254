// What an organization decides about how it is reached: from which addresses, how often by whom, who may have API keys. Kept
// with the tenant on the server alone, and at hand in every process: whoever changes it tells all of them at the commit.
import { Value } from 'typebox/value';
import { isAddressAllowed, parseRange } from '#shared/access/address-rules.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isRateLimit } from '#shared/access/rate-windows.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { AccessRulesSchema, noAccessRules, type AccessChange, type AccessRules } from '#shared/sync/access-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Sent at the commit of a change: payload is the tenant. */
export const ACCESS_CHANNEL = 'outpost_access';

/** Within a transaction of the tenant. */
export async function readAccessRulesIn(session: SqlSession, tenantId: TenantId): Promise<AccessRules> {
  const [row] = await session.query<{ access: unknown }>(
    `SELECT settings->'access' AS access FROM tenant WHERE tenant = $1`,
    [tenantId],
  );
  return Value.Check(AccessRulesSchema, row?.access) ? row.access : noAccessRules;
}

export interface AccessRuleBook {
  /** As they are now; a change by another process is known as soon as the database has told it. */
  of(tenantId: TenantId): Promise<AccessRules>;
  /** Calls back after every change; null: of any organization. */
  follow(onChanged: (tenantId: string | null) => void): void;
  close(): Promise<void>;
}

export async function createAccessRuleBook(database: SqlDatabase): Promise<AccessRuleBook> {
  const known = new Map<string, Promise<AccessRules>>();
  const followers: ((tenantId: string | null) => void)[] = [];
  const stop = await database.listen(ACCESS_CHANNEL, (tenantId) => {
    // An empty message follows a lost connection: anything may have changed meanwhile.
    if (tenantId === '') known.clear();
    else known.delete(tenantId);
    for (const onChanged of followers) onChanged(tenantId === '' ? null : tenantId);
  });
  return {
    of(tenantId) {
      const kept = known.get(tenantId);
      if (kept !== undefined) return kept;
      const reading = database.inTenant(tenantId, (session) => readAccessRulesIn(session, tenantId), {
        snapshot: true,
        isHurried: true,
      });
      known.set(tenantId, reading);
      reading.catch(() => known.delete(tenantId));
      return reading;
    },
    follow: (onChanged) => void followers.push(onChanged),
    close: stop,
  };
}

/** Whoever decides how the organization is reached. */
export function assertMayDecideAccess(actor: Actor): void {
  if (actor.permissions.includes('org.configure_settings')) return;
  throw new OutpostError('action_forbidden', 'Only an administrator decides how the organization is reached.');
}

function invalid(message: string, problem: string, details: Record<string, string> = {}): OutpostError {
  return new OutpostError('invalid', message, { problems: [problem], ...details });
}

function checkRules({ addresses, limits }: AccessRules): void {
  const wrong = addresses.entries.find(({ range }) => parseRange(range) === null);
  if (wrong !== undefined) throw invalid('This is no address or range of addresses.', 'addresses:range');
  if (addresses.isOn && addresses.entries.length === 0)
    throw invalid('A list without an address would let nobody in.', 'addresses:empty');
  if (Object.values(limits).some((limit) => !isRateLimit(limit)))
    throw invalid('A limit grows from minute to hour to day.', 'limits:range');
}

function checkLockOut(rules: AccessRules, address: string, isMeant: boolean): void {
  if (isMeant || isAddressAllowed(rules.addresses, 'devices', address)) return;
  throw invalid('Your own address is not in this list: you could not get in any more.', 'addresses:locksYouOut', {
    address,
  });
}

export interface RuleChangePlace {
  readonly database: SqlDatabase;
  readonly clock: Clock;
}

/** @throws OutpostError `action_forbidden`, `invalid`; of the latter `addresses:locksYouOut` can be meant all the same. */
export async function writeAccessRules(
  { database, clock }: RuleChangePlace,
  { actor, deviceId, address = '' }: Principal,
  { rules, isLockOutMeant }: AccessChange,
): Promise<AccessRules> {
  assertMayDecideAccess(actor);
  checkRules(rules);
  checkLockOut(rules, address, isLockOutMeant === true);
  return storeRules(database, actor.tenantId as TenantId, rules, clock.now(), {
    actor: actor.userId,
    device: deviceId,
    detail: { address },
  });
}

interface Author {
  readonly actor: string | null;
  readonly device: string | null;
  readonly detail?: Readonly<Record<string, string>>;
}

function storeRules(
  database: SqlDatabase,
  tenantId: TenantId,
  rules: AccessRules,
  nowMs: number,
  author: Author,
): Promise<AccessRules> {
  return database.inTenant(tenantId, async (session) => {
    const before = await readAccessRulesIn(session, tenantId);
    const changed = (['addresses', 'limits', 'keysFor'] as const).filter(
      (part) => !isJsonEqual(before[part], rules[part]),
    );
    if (changed.length === 0) return rules;
    await session.query(
      `UPDATE tenant SET settings = settings || jsonb_build_object('access', $2::jsonb) WHERE tenant = $1`,
      [tenantId, JSON.stringify(rules)],
    );
    await session.query('SELECT pg_notify($1, $2)', [ACCESS_CHANNEL, tenantId]);
    const ranges = changed.includes('addresses') ? { ranges: describeAddresses(rules) } : {};
    await appendAudit(session, tenantId, nowMs, [
      {
        actor: author.actor,
        device: author.device,
        command: 'access.setRules',
        entity: 'organization',
        id: tenantId,
        groups: changed,
        outcome: 'applied',
        detail: { ...author.detail, ...ranges },
      },
    ]);
    return rules;
  });
}

function describeAddresses({ addresses }: AccessRules): string {
  return addresses.isOn ? addresses.entries.map(({ range }) => range).join(' ') : 'any';
}

/** The operator's way back in for an organization that shut itself out. */
export async function allowAnyAddress(database: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<void> {
  const rules = await database.inTenant(tenantId, (session) => readAccessRulesIn(session, tenantId));
  const open = { ...rules, addresses: { ...rules.addresses, isOn: false } };
  await storeRules(database, tenantId, open, nowMs, { actor: null, device: null });
}
