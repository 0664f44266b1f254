// An organization with so many entries of the audit, written as the server writes them: the same chain, values and words. A
// page is made once in the program and inserted in large statements; nothing else about it is special.
import type { Actor } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit, type NewAuditEntry } from '#server/audit/append-audit.ts';
import { followAudit } from '#server/audit/follow-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export const TENANT = 'audited' as TenantId;
const SEED = 20_261_127;
const ENTRIES_AT_ONCE = 2_000;
const START_MS = Date.parse('2025-01-01T00:00:00.000Z');
/** A year and a half of work. */
export const SPAN_MS = 500 * 86_400_000;
const PEOPLE = 200;
const commands = [
  ['updateRecord', 'deal', 'update', ['amount']],
  ['updateRecord', 'contact', 'update', ['phone']],
  ['moveDeal', 'deal', 'update', ['stage']],
  ['createRecord', 'account', 'create', ['name', 'owner']],
  ['logActivity', 'activity', 'create', ['subject']],
  ['completeTask', 'task', 'update', ['status']],
  ['signIn', 'user', 'access', []],
  ['lead_exported', 'dataExport', 'export', ['title']],
] as const;
const places = ['north', 'south', 'harbour', 'plant', 'airport', 'campus', 'depot', 'clinic', 'museum', 'tower'];

export const personOf = (index: number): string => `person-${String(index)}`;

export const auditor: Actor = {
  tenantId: TENANT,
  userId: personOf(0),
  name: 'Auditor',
  email: 'auditor@example.test',
  role: 'org_admin',
  teamIds: [],
  permissions: permissionsOf('org_admin'),
  epoch: 1,
};

function makeEntry(random: ReturnType<typeof createSeededRandom>, index: number): NewAuditEntry {
  // Sign-ins and exports are rare, edits are not.
  const [command, entity, effect, groups] =
    commands[random.chance(0.02) ? 6 + random.integer(0, 1) : random.integer(0, 5)] ?? commands[0];
  const person = personOf(Math.floor(random.integer(0, PEOPLE * 10) ** 2 / (PEOPLE * 100)) % PEOPLE);
  const text = `${random.pick(places)} ${String(random.integer(0, 50_000))}`;
  return {
    actor: person,
    device: `device-${person}`,
    session: `session-${person}`,
    seq: index,
    opId: `op-${String(index)}`,
    command,
    effect,
    entity,
    id: `${entity}-${String(random.integer(0, 60_000))}`,
    groups,
    outcome: random.chance(0.01) ? 'not_visible' : 'applied',
    detail: { address: '203.0.113.9', userAgent: 'Outpost 1.0' },
    values: groups.length === 0 ? null : { [groups[0] ?? 'name']: [`${text} before`, `${text} after`] },
    source: null,
  };
}

async function found(db: SqlDatabase): Promise<void> {
  await db.asOwner(async (session) => {
    await session.query(`INSERT INTO tenant (tenant, name, created_at) VALUES ($1, 'Audited', 1)`, [TENANT]);
    await session.query(
      `INSERT INTO tenant_head (tenant, incarnation, seq, min_seq, schema_version, last_ts) VALUES ($1, 'one', 0, 0, 1, 1)`,
      [TENANT],
    );
    await session.query(`INSERT INTO audit_head (tenant, no, hash) VALUES ($1, 0, '')`, [TENANT]);
  });
}

/** `withWords`: also what they are found by. Answers the time of the last one. */
export async function fillAudit(db: SqlDatabase, count: number, withWords: boolean): Promise<number> {
  const random = createSeededRandom(SEED);
  await found(db);
  let atMs = START_MS;
  for (let from = 0; from < count; from += ENTRIES_AT_ONCE) {
    const entries = Array.from({ length: Math.min(ENTRIES_AT_ONCE, count - from) }, (_item, index) =>
      makeEntry(random, from + index),
    );
    atMs = START_MS + Math.floor((SPAN_MS * from) / count);
    await db.inTenant(TENANT, (session) => appendAudit(session, TENANT, atMs, entries));
  }
  if (withWords) await followAudit(db, TENANT, { nowMs: () => atMs, createId: () => `alert-${String(atMs)}` });
  await db.asOwner((session) => session.query('ANALYZE audit'));
  return atMs;
}
