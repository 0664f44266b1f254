// The records of an organization as one user may see them, for whoever makes figures of them on the server: the same rows a
// device of that user would get, fields hidden and masked by the same projection. Read page by page, each in a transaction
// of its own, so that nobody's changes wait for a long question.
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord, CollectionName, EntityName } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { readPlanOf, type ReadPlan } from '#server/sync/keys.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { readOwnHead } from '#server/sync/position.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { projectRows, type VisibleRow } from '#server/sync/visible-records.ts';

const PAGE_ROWS = 2000;

/**
 * All records of these entities that the actor sees.
 * @throws OutpostError `scope_changed` when the rights of the actor were changed while they were read.
 */
export async function readVisibleSource(
  deps: SyncDependencies,
  actor: Actor,
  wanted: ReadonlySet<EntityName>,
): Promise<RecordSource> {
  const records = new Map<EntityName, Map<string, AnyRecord>>();
  for (const name of wanted) records.set(name, new Map());
  for (const coll of new Set([...wanted].map((name) => entities[name].collection)))
    for await (const page of readVisiblePages(deps, actor, wanted, coll))
      for (const record of page.records) records.get(record.kind)?.set(record.id, record);
  const none: ReadonlyMap<string, AnyRecord> = new Map();
  return {
    get: (entity, id) => records.get(entity)?.get(id),
    all: (entity) => records.get(entity) ?? none,
    // What was read stands still.
    subscribe: () => () => undefined,
  };
}

export interface VisiblePage {
  readonly records: readonly AnyRecord[];
  /** Id behind which the next page begins; null after the last one. */
  readonly next: string | null;
}

/** The same records of one collection, a page at a time, in the order of their ids: for whoever cannot hold all of them. */
export async function* readVisiblePages(
  deps: SyncDependencies,
  actor: Actor,
  wanted: ReadonlySet<EntityName>,
  coll: CollectionName,
  behindId = '',
): AsyncGenerator<VisiblePage> {
  const plan = narrow(readPlanOf(actor), wanted);
  const maskSecret = await deps.store.readMaskSecret();
  const tenantId = actor.tenantId as TenantId;
  for (let afterId: string | null = behindId; afterId !== null;) {
    const from: string = afterId;
    const read = (transaction: SyncTransaction) => readPage({ transaction, actor, plan, maskSecret }, coll, from);
    const page = await withTokens(deps.store, tenantId, () => deps.store.inTenant(tenantId, read, { snapshot: true }));
    yield page;
    afterId = page.next;
  }
}

interface Reading {
  readonly transaction: SyncTransaction;
  readonly actor: Actor;
  readonly plan: ReadPlan;
  readonly maskSecret: Uint8Array;
}

async function readPage(
  { transaction, actor, plan, maskSecret }: Reading,
  coll: CollectionName,
  afterId: string,
): Promise<VisiblePage> {
  await readOwnHead(transaction, actor);
  const found = await transaction.readVisibleTexts(plan, {
    coll,
    part: 'all',
    userId: actor.userId,
    afterId,
    limit: PAGE_ROWS,
  });
  const rows = found.flatMap(({ kind, text, fieldRev }): VisibleRow[] => {
    const definition = entityOf(kind);
    return definition === undefined ? [] : [{ definition, record: JSON.parse(text) as AnyRecord, fieldRev }];
  });
  const projected =
    actor.fields === undefined
      ? rows.map(({ record }) => record)
      : await projectRows({ transaction, actor, maskSecret, canWrite: false }, rows);
  return {
    records: projected.filter((record) => record !== null),
    next: found.length < PAGE_ROWS ? null : (found.at(-1)?.id ?? null),
  };
}

function narrow(plan: ReadPlan, wanted: ReadonlySet<EntityName>): ReadPlan {
  const groups = plan.groups
    .map(({ kinds, keySet }) => ({ keySet, kinds: kinds.filter((kind) => wanted.has(kind as EntityName)) }))
    .filter(({ kinds }) => kinds.length > 0);
  return { ...plan, groups };
}
