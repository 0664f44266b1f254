// A command of the desktop, given by a program over HTTP: the same function decides what it does, its operations are pushed
// as those of a device are, and the same rules judge them.
import { runCommand } from '#shared/entities/commands.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import type { Principal } from '#server/identity/principal.ts';
import { pushOperations, type SyncDependencies } from '#server/sync/push.ts';

/** A lost race for the next number of a session is tried again so often. */
const MOST_ATTEMPTS = 5;

/**
 * Runs it and answers the id of the record it is about. `source` holds what the command reads.
 * @throws OutpostError with the code of the refusal; `invalid` carries the fields that are wrong.
 */
export async function runForProgram(
  deps: SyncDependencies,
  principal: Principal,
  source: RecordSource,
  command: string,
  input: unknown,
): Promise<string | null> {
  const outcome = await runCommand(
    command,
    {
      actor: principal.actor,
      now: toInstant(deps.clock.now()),
      sinceBootMs: 0,
      createId: deps.createId,
      currency: figuresOf(source.get('organization', ORGANIZATION_ID)).currency,
      read: async (entity, id) => source.get(entity, id) ?? null,
      find: async (entity, field, value) =>
        [...source.all(entity).values()].filter((record) => record[field] === value),
    },
    input,
  );
  if (!outcome.ok) throw outcome.error;
  const { operations, recordId } = outcome.value;
  for (let attempt = 1; operations.length > 0; attempt += 1) {
    try {
      await push(deps, principal, operations);
      break;
    } catch (error) {
      const isRace =
        error instanceof OutpostError && (error.code === 'op_reuse' || error.details['expectedOpNo'] !== undefined);
      if (!isRace || attempt === MOST_ATTEMPTS) throw error;
    }
  }
  return recordId;
}

async function push(
  deps: SyncDependencies,
  { actor, sessionId }: Principal,
  drafts: readonly OperationDraft[],
): Promise<void> {
  // The device itself numbers its own operations: a program counts for itself.
  const deviceId = `api.${sessionId}`;
  const owner = { deviceId, userId: actor.userId };
  const last = await deps.store.inTenant(actor.tenantId as TenantId, (transaction) => transaction.readLastOpNo(owner));
  const ops = drafts.map((draft, place) => ({ ...draft, opNo: last + 1 + place }));
  const { verdicts } = await pushOperations(deps, actor, deviceId, { protocol: 1, epoch: actor.epoch, ops });
  for (const verdict of verdicts) {
    if (verdict.status !== 'rejected') continue;
    const fields = verdict.problems.map(({ field }) => field);
    throw new OutpostError(verdict.code, verdict.message, fields.length === 0 ? {} : { fields });
  }
}
