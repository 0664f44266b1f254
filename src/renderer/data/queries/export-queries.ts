// What the export of a list reads: the ids of its rows first, then their values piece by piece. Whatever changes meanwhile,
// each row is there once or not at all, and the screens get their answers between two pieces.
import type { DataRequests } from '#renderer/data/data-contract.ts';
import { collectLabels } from '#renderer/data/queries/labels.ts';
import type { QueryContext } from '#renderer/data/queries/query-context.ts';
import type { Actor } from '#shared/access/actor.ts';
import { mayExport } from '#shared/access/export-rights.ts';
import { fieldModeOf, isOwnership, openFieldPolicy, UNKNOWN_FIELD_MESSAGE } from '#shared/access/field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** More rows than any form of file holds. */
const MOST_ROWS = 2_000_000;
const MOST_OF_A_PIECE = 1000;

function checkRight(actor: Actor, entity: EntityName): void {
  const allowed = mayExport(actor, { kind: 'records', entity }, entities[entity]);
  if (!allowed.ok) throw allowed.error;
}

/** `among`: the only records that count. @throws OutpostError `action_forbidden`. */
export function answerExportIds(
  { views }: QueryContext,
  actor: Actor,
  query: DataRequests['exportIds']['input'],
  among?: ReadonlySet<string>,
): DataRequests['exportIds']['output'] {
  checkRight(actor, query.entity);
  const rows = views.rowsOf(query).slice(0, MOST_ROWS);
  return rows.flatMap(({ id }) => (among === undefined || among.has(id) ? [id] : []));
}

/** @throws OutpostError `action_forbidden`, `invalid` for a field that does not exist for this person. */
export function answerExportRows(
  { source }: QueryContext,
  actor: Actor,
  { entity, ids, fields }: DataRequests['exportRows']['input'],
): DataRequests['exportRows']['output'] {
  checkRight(actor, entity);
  const definition = entities[entity];
  const policy = actor.fields ?? openFieldPolicy;
  for (const field of fields) {
    if (definition.fields[field] === undefined || isOwnership(field)) continue;
    if (fieldModeOf(policy, entity, field) === 'hidden') throw new OutpostError('invalid', UNKNOWN_FIELD_MESSAGE);
  }
  const records = ids.slice(0, MOST_OF_A_PIECE).flatMap((id) => source.get(entity, id) ?? []);
  const { labels } = collectLabels(source, records);
  return { rows: records.map((record) => fields.map((field) => record[field] ?? null)), labels };
}
