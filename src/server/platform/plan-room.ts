// What an organization may still add: people who sign in, and records, by its plan; and of which domains people may be. Judged in
// the push that adds them, on what the operations before left. Beyond it an operation is refused with the limit's name and stays
// with the one who typed it; nothing that is there is ever touched, and whatever makes room is always taken.
import { isCountedKind, limitsOf, type Limits } from '#shared/platform/plans.ts';
import { isDomainAllowed } from '#shared/platform/policies.ts';
import type { AnyRecord, FieldProblem } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Why } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { readPolicies } from '#server/platform/policies.ts';
import { readPlans } from '#server/platform/settings.ts';
import { countRecords, countUsers, SUPPORT_PREFIX } from '#server/platform/usage.ts';
import type { SqlSession } from '#server/store/database.ts';

/** Null: no limit. */
export interface Allowance {
  readonly limit: number;
  readonly left: number;
}

export interface PlanRoom {
  readonly users: Allowance | null;
  readonly records: Allowance | null;
  /** None: any. */
  readonly allowedDomains: readonly string[];
}

/** For whoever adds nothing that counts. */
export const boundlessRoom: PlanRoom = { users: null, records: null, allowedDomains: [] };

const seatFields = new Set(['isActive', 'email']);

function touchesSeats({ entity, kind, changes }: Operation): boolean {
  if (entity !== 'user') return false;
  return (
    kind !== 'patch' ||
    changes.some(({ group, to }) => seatFields.has(group) || Object.keys(to ?? {}).some((name) => seatFields.has(name)))
  );
}

function addsRecords({ entity, kind }: Operation): boolean {
  return isCountedKind(entity) && (kind === 'create' || kind === 'restore');
}

/** Reads only what these operations can need. */
export async function readPlanRoom(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<PlanRoom> {
  const isAboutUsers = operations.some(touchesSeats);
  const isAboutRecords = operations.some(addsRecords);
  if (!isAboutUsers && !isAboutRecords) return boundlessRoom;
  const limits = await readLimits(session, tenantId);
  const toAllowance = async (limit: number | null, count: () => Promise<number>): Promise<Allowance | null> =>
    limit === null ? null : { limit, left: limit - (await count()) };
  return {
    users: isAboutUsers ? await toAllowance(limits.users, () => countUsers(session, tenantId)) : null,
    records: isAboutRecords ? await toAllowance(limits.records, () => countRecords(session, tenantId)) : null,
    allowedDomains: isAboutUsers ? (await readPolicies(session, tenantId)).allowedDomains : [],
  };
}

/** Limits in force. Within a transaction of the organization. */
export async function readLimits(session: SqlSession, tenantId: TenantId): Promise<Limits> {
  const [row] = await session.query<{ plan: string; limits: unknown }>(
    'SELECT plan, limits FROM platform_organization WHERE tenant = $1',
    [tenantId],
  );
  return limitsOf(await readPlans(session), row?.plan ?? '', row?.limits);
}

/** A record before and after a change; null: there was none. */
export interface Step {
  readonly before: { readonly record: AnyRecord; readonly isDeleted: boolean } | null;
  readonly after: AnyRecord;
  readonly isDeleted: boolean;
}

const takesSeat = (record: AnyRecord, isDeleted: boolean): boolean =>
  record.kind === 'user' && !isDeleted && record['isActive'] !== false && !record.id.startsWith(SUPPORT_PREFIX);
const counts = (record: AnyRecord, isDeleted: boolean): boolean => isCountedKind(record.kind) && !isDeleted;

/** How many places of a sort a change takes: 1, 0, or -1 when it gives one back. */
function taken({ before, after, isDeleted }: Step, holds: (record: AnyRecord, isDeleted: boolean) => boolean): number {
  const held = before !== null && holds(before.record, before.isDeleted);
  return Number(holds(after, isDeleted)) - Number(held);
}

/** The room a change leaves. */
export function leaveRoom(room: PlanRoom, step: Step): PlanRoom {
  const less = (allowance: Allowance | null, by: number): Allowance | null =>
    allowance === null || by === 0 ? allowance : { ...allowance, left: allowance.left - by };
  const { users, records } = room;
  if (users === null && records === null) return room;
  return { ...room, users: less(users, taken(step, takesSeat)), records: less(records, taken(step, counts)) };
}

export interface PlanRefusal {
  readonly message: string;
  readonly why: Why;
}

/** Why there is no room for this change; null when there is. */
export function findPlanRefusal({ users, records }: PlanRoom, step: Step): PlanRefusal | null {
  const entity = step.after.kind;
  if (users !== null && users.left <= 0 && taken(step, takesSeat) > 0) {
    const message = `The plan of your organization allows ${String(users.limit)} users, and there are as many.`;
    return { message, why: { reason: 'planUsers', entity, limit: users.limit } };
  }
  if (records !== null && records.left <= 0 && taken(step, counts) > 0) {
    const message = `The plan of your organization allows ${String(records.limit)} records, and there are as many.`;
    return { message, why: { reason: 'planRecords', entity, limit: records.limit } };
  }
  return null;
}

/** A user of a domain that is not allowed; who is there already stays. */
export function findDomainProblems(
  room: PlanRoom,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  const email = after['email'];
  if (after.kind !== 'user' || typeof email !== 'string' || email === before?.['email']) return [];
  if (isDomainAllowed(room, email)) return [];
  return [{ field: 'email', code: 'domain', message: 'Addresses of this domain are not allowed here.' }];
}
