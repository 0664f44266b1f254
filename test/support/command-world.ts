// Commands against records in memory: what a command answers is folded in as on a device, so that tests can look at
// records instead of at operations.
import { permissionsOf } from '#shared/access/roles.ts';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { runCommand } from '#shared/entities/commands.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { OutpostError } from '#shared/kernel/errors.ts';
import { foldOnto } from '#shared/sync/fold.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

export function createActor(role: RoleName, userId: string, teamIds: readonly string[] = ['team-1']): Actor {
  return {
    tenantId: 'tenant-1',
    userId,
    name: userId,
    email: `${userId}@example.com`,
    role,
    teamIds,
    permissions: permissionsOf(role),
    epoch: 1,
  };
}

export function createCommandWorld(actor: Actor, start = '2026-03-10T09:00:00.000Z') {
  const records = new Map<string, AnyRecord>();
  const operations: OperationDraft[] = [];
  let now = start;
  const createId = createIdFactory({ now: () => Date.parse(now) }, createSeededRandom(7));
  const context = (): CommandContext => ({
    actor,
    now,
    sinceBootMs: 1000,
    createId,
    read: (entity, id) => Promise.resolve(records.get(`${entity}/${id}`) ?? null),
    find: (entity, field, value) =>
      Promise.resolve([...records.values()].filter((record) => record.kind === entity && record[field] === value)),
  });

  function apply(operation: OperationDraft): void {
    const key = `${operation.entity}/${operation.recordId}`;
    const before = records.get(key) ?? null;
    const after = foldOnto(entities[operation.entity as EntityName], before, operation, actor.userId);
    if (after === null) records.delete(key);
    else records.set(key, operation.kind === 'create' ? { ...after, pending: [operation.opId] } : after);
  }

  return {
    operations,
    context,
    setNow(instant: string) {
      now = instant;
    },
    put(entity: EntityName, values: Readonly<Record<string, unknown>> & { readonly id: string }) {
      const base = { kind: entity, rev: 1, ownerId: actor.userId, teamId: actor.teamIds[0] ?? null, createdBy: null };
      const stamps = { createdAt: now, updatedAt: now, updatedBy: null };
      records.set(`${entity}/${values.id}`, { ...base, ...stamps, ...values });
    },
    get(entity: EntityName, id: string): AnyRecord {
      const record = records.get(`${entity}/${id}`);
      if (record === undefined) throw new Error(`no ${entity} ${id}`);
      return record;
    },
    all: (entity: EntityName) => [...records.values()].filter((record) => record.kind === entity),
    /** Runs a command that must succeed; answers its operations and the record to show. */
    async run(name: string, input: unknown) {
      const result = await runCommand(name, context(), input);
      if (!result.ok) throw result.error;
      for (const operation of result.value.operations) apply(operation);
      operations.push(...result.value.operations);
      return result.value;
    },
    /** Runs a command that must be refused; answers the refusal. */
    async refuse(name: string, input: unknown): Promise<OutpostError> {
      const result = await runCommand(name, context(), input);
      if (result.ok) throw new Error(`${name} was not refused`);
      return result.error;
    },
  };
}
