// New records find their territory: an account by the rules, a contact or a deal through its account. What somebody chose
// stays as it is.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { placeKey } from '#server/sync/stored-record.ts';

/** The new record, in its territory where one was found. */
export function placeInTerritory(
  context: Pick<JudgeContext, 'assignTerritory' | 'read'>,
  definition: EntityDefinition,
  record: AnyRecord,
): AnyRecord {
  if ((record['territoryId'] ?? null) !== null) return record;
  const territoryId = findTerritory(context, definition, record);
  return territoryId === null ? record : { ...record, territoryId };
}

function findTerritory(
  context: Pick<JudgeContext, 'assignTerritory' | 'read'>,
  definition: EntityDefinition,
  record: AnyRecord,
): string | null {
  if (definition.name === 'account') return context.assignTerritory(record);
  if (definition.name !== 'deal' && definition.name !== 'contact') return null;
  const accountId = record['accountId'];
  if (typeof accountId !== 'string') return null;
  const account = context.read(placeKey(entities.account.collection, accountId));
  const territoryId = account?.record['territoryId'];
  return typeof territoryId === 'string' ? territoryId : null;
}
