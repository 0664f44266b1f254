// Territories for programs that are no devices: what one user sees of the tree, and new ones, made by the same operation a
// device would push and judged by the same rules.
import type { Actor } from '#shared/access/actor.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import { TerritoryTree, toTerritoryNode } from '#shared/access/territory-reach.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Principal } from '#server/identity/principal.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { readOwnHead } from '#server/sync/position.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';
import { runForProgram } from '#server/sync/run-command.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { projectRows } from '#server/sync/visible-records.ts';

const { territory } = entities;

/** Everything of the tree that the user sees, as the user sees it, in order of id. */
export async function readTree(deps: SyncDependencies, actor: Actor): Promise<readonly AnyRecord[]> {
  const maskSecret = await deps.store.readMaskSecret();
  const keySet = keySetOf(actor, territory, 'read');
  const read = async (transaction: SyncTransaction) => {
    await readOwnHead(transaction, actor);
    const stored = [...(await transaction.readTerritories()).values()].filter((row) => meets(keySet, row.scopeKeys));
    const rows = stored.map(({ record, fieldRev }) => ({ definition: territory, record, fieldRev }));
    return projectRows({ transaction, actor, maskSecret, canWrite: false }, rows);
  };
  const tenantId = actor.tenantId as TenantId;
  const records = await withTokens(deps.store, tenantId, () => deps.store.inTenant(tenantId, read, { snapshot: true }));
  return records.filter((record) => record !== null);
}

/** @throws OutpostError `not_found`: there is none, or none for this user. */
export function findTerritory(tree: readonly AnyRecord[], id: string): AnyRecord {
  const found = tree.find((record) => record.id === id);
  if (found === undefined) throw new OutpostError('not_found', 'There is no such territory.');
  return found;
}

/** TER-03: the territories directly below, or all below; without the territory itself. */
export function childrenOf(tree: readonly AnyRecord[], id: string, isDeep: boolean): readonly AnyRecord[] {
  const nodes = new TerritoryTree(tree.map((record) => toTerritoryNode(record)));
  const below = new Set((isDeep ? nodes.descendantsOf(id) : nodes.childrenOf(id)).map((node) => node.id));
  return tree.filter((record) => below.has(record.id));
}

/** TER-03: the territories above, the root first. */
export function parentsOf(tree: readonly AnyRecord[], id: string): readonly AnyRecord[] {
  const nodes = new TerritoryTree(tree.map((record) => toTerritoryNode(record)));
  return nodes
    .ancestorsOf(id)
    .toReversed()
    .map((node) => findTerritory(tree, node.id));
}

/** @throws OutpostError with the code of the refusal; `invalid` carries the fields that are wrong. */
export async function createTerritory(
  deps: SyncDependencies,
  principal: Principal,
  values: Readonly<Record<string, unknown>>,
): Promise<AnyRecord> {
  const source = await readVisibleSource(deps, principal.actor, new Set(['territory', 'organization', 'user']));
  const input = { entity: territory.name, values };
  const id = await runForProgram(deps, principal, source, 'createRecord', input);
  return findTerritory(await readTree(deps, principal.actor), id ?? '');
}
