// A server process for the kill test: opens the directory and pushes without end. A line on the standard output is an
// acknowledgement that left the server. Arguments: data directory, tenant, device, seed of this life.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { pushOperations } from '#server/sync/push.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';

const [dataDir = '', tenant = '', deviceId = '', first = '1'] = process.argv.slice(2);
const tenantId = tenant as TenantId;
const db = await openDatabase({ dataDir });
const loaded = await db.inTenant(tenantId, (session) => readActor(session, tenantId, 'rep' as UserId));
if (loaded === null) throw new Error('There is no user rep.');
const { actor } = loaded;
let lastId = 0;
const deps = {
  store: createSqlSyncStore(db),
  clock: { now: () => Date.now() },
  createId: () => {
    lastId += 1;
    return `conflict-${first}-${lastId}`;
  },
};

function createOperation(opNo: number): Operation {
  return {
    opId: `${deviceId}-${opNo}`,
    opNo,
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId: `account-${opNo}`,
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name: `Account ${opNo}` } },
      { group: 'owner', base: {}, to: { ownerId: 'rep' } },
    ],
    dependsOn: [],
    captured: { wall: '2026-01-01T00:00:00.000Z', sinceBootMs: 0 },
    schema: SCHEMA_VERSION,
  };
}

console.log('ready');
for (let opNo = Number(first); ; opNo += 3) {
  const ops = [createOperation(opNo), createOperation(opNo + 1), createOperation(opNo + 2)];
  const { verdicts } = await pushOperations(deps, actor, deviceId, { protocol: 1, epoch: actor.epoch, ops });
  for (const verdict of verdicts) console.log(`${verdict.opNo} ${verdict.status}`);
}
