// The port of synchronization on the SQL engine.
import type { TenantId } from '#shared/kernel/ids.ts';
import { followUsers } from '#server/identity/follow-users.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { readMaskRules } from '#server/identity/read-rules.ts';
import { readPlanRoom } from '#server/platform/plan-room.ts';
import { readErased } from '#server/privacy/read-erased.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { readServerSecret } from '#server/store/server-secret.ts';
import { isRetryableSqlError } from '#server/store/sql-error.ts';
import { readHead } from '#server/store/tenants.ts';
import { lockDevices, readLastOpNo } from '#server/sync/devices.ts';
import { makeTokens, readTokens } from '#server/sync/mask-tokens.ts';
import { readMaskSecret } from '#server/sync/mask-values.ts';
import { countToNarrow, narrowChildren } from '#server/sync/narrow-children.ts';
import { readKnownResults, writeResults } from '#server/sync/op-results.ts';
import { readFileRoom } from '#server/files/file-room.ts';
import { readRequiredFields } from '#server/sync/required-fields.ts';
import { readRoleHolders } from '#server/sync/role-holders.ts';
import { drawNumbers, writeCommit } from '#server/sync/sql/commit.ts';
import {
  bumpEpochs,
  readEpochs,
  readReach,
  readRoles,
  readTerritoryReach,
  writeReach,
} from '#server/sync/sql/epochs.ts';
import { createSharedReads } from '#server/sync/sql/log-tail.ts';
import { countVisible, readChanges, readTexts, readVisibleItems, readVisibleTexts } from '#server/sync/sql/pages.ts';
import { readChildren, readDeviceRevs, readRecords, readStamps, readPeoplePlaces } from '#server/sync/stored-record.ts';
import type { SyncStore, SyncTransaction } from '#server/sync/sync-store.ts';
import { lockTrees, readTerritories } from '#server/sync/territory-tree.ts';
import { createPositionSealer } from '#server/sync/token.ts';
import { readUserEmails } from '#server/sync/user-emails.ts';
import { raiseEvents } from '#server/webhooks/raise-events.ts';

/** What never changes is read once; when reading failed, again at the next question. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => {
    if (value !== null) return value;
    value = read();
    value.catch(() => {
      value = null;
    });
    return value;
  };
}

export function createSqlSyncStore(db: SqlDatabase): SyncStore {
  const readSecret = (purpose: string): Promise<Uint8Array> =>
    db.transaction((session) => readServerSecret(session, purpose));
  return {
    inTenant: (tenantId, work, options) =>
      db.inTenant(
        tenantId,
        (session) => {
          const transaction = createSqlTransaction(session, tenantId);
          const shares = options?.snapshot === true;
          return work(shares ? { ...transaction, ...createSharedReads(session, tenantId) } : transaction);
        },
        options,
      ),
    isRetryable: isRetryableSqlError,
    openSealer: once(async () => createPositionSealer(await readSecret('pull-token'))),
    readMaskSecret: () => readMaskSecret(db),
    readManifestSecret: once(() => readSecret('manifest')),
  };
}

/** What a session does within the transaction it belongs to. */
export function createSqlTransaction(session: SqlSession, tenantId: TenantId): SyncTransaction {
  return {
    tenantId,
    readHead: () => readHead(session, tenantId),
    readEpochs: (userIds, lock) => readEpochs(session, tenantId, userIds, lock),
    readActor: (userId) => readActor(session, tenantId, userId),
    readReach: (userId, epoch) => readReach(session, tenantId, userId, epoch),
    writeReach: (userId, epoch, reach) => writeReach(session, tenantId, userId, epoch, reach),
    lockDevices: (owners, nowMs) => lockDevices(session, tenantId, owners, nowMs),
    readLastOpNo: (owner) => readLastOpNo(session, tenantId, owner),
    readKnownResults: (pushes) => readKnownResults(session, tenantId, pushes),
    readRecords: (places, forUpdate) => readRecords(session, tenantId, places, forUpdate),
    readChildren: (parentIds, limit, which) => readChildren(session, tenantId, parentIds, limit, which),
    lockTrees: () => lockTrees(session, tenantId),
    readTerritories: () => readTerritories(session, tenantId),
    readPeoplePlaces: (kind) => readPeoplePlaces(session, tenantId, kind),
    readDeviceRevs: (places) => readDeviceRevs(session, tenantId, places),
    readUserEmails: (operations) => readUserEmails(session, tenantId, operations),
    readErased: (operations) => readErased(session, tenantId, operations),
    readRequiredFields: (operations) => readRequiredFields(session, tenantId, operations),
    readFileRoom: () => readFileRoom(session, tenantId),
    readPlanRoom: (operations) => readPlanRoom(session, tenantId, operations),
    readRoleHolders: (operations) => readRoleHolders(session, tenantId, operations),
    readRoles: () => readRoles(session, tenantId),
    readMaskRules: () => readMaskRules(session, tenantId),
    readMaskTokens: (fingerprints) => readTokens(session, tenantId, fingerprints),
    makeMaskTokens: (fingerprints) => makeTokens(session, tenantId, fingerprints),
    readStamps: (seqs) => readStamps(session, tenantId, seqs),
    readTerritoryReach: () => readTerritoryReach(session, tenantId),
    bumpEpochs: (bumps, reach) => bumpEpochs(session, tenantId, bumps, reach),
    drawNumbers: (count, nowMs) => drawNumbers(session, tenantId, count, nowMs),
    writeCommit: (rows) => writeCommit(session, tenantId, rows),
    countToNarrow: (moved) => countToNarrow(session, tenantId, moved),
    narrowChildren: (moved, numbers) => narrowChildren(session, tenantId, moved, numbers),
    raiseEvents: (events) => raiseEvents(session, tenantId, events),
    followUsers: (users, nowMs) => followUsers(session, tenantId, users, nowMs),
    writeResults: (nowMs, rows) => writeResults(session, tenantId, nowMs, rows),
    readChanges: (plan, afterSeq, headSeq, limit) => readChanges(session, tenantId, plan, [afterSeq, headSeq], limit),
    readTexts: (places) => readTexts(session, tenantId, places),
    readVisibleTexts: (plan, range) => readVisibleTexts(session, tenantId, plan, range),
    readVisibleItems: (plan, range) => readVisibleItems(session, tenantId, plan, range),
    countVisible: (plan) => countVisible(session, tenantId, plan),
  };
}
