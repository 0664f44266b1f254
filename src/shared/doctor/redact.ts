// The report somebody may send to a stranger. It is built from a list of what may be in it: states, counts, times, codes,
// names of entities and fields of the product, and ids that were hashed with a salt nobody keeps. Whatever a later version
// of the snapshot carries stays out until it is named here.
import { entities } from '#shared/entities/registry.ts';
import { errorCatalogue } from '#shared/kernel/errors.ts';
import { operationKinds } from '#shared/sync/operation.ts';
import type { DoctorSnapshot, PendingRecord, Repair, ServerStanding, Verification } from '#shared/doctor/snapshot.ts';

export interface ReportFacts {
  readonly app: { readonly version: string; readonly host: string; readonly platform: string };
  readonly snapshot: DoctorSnapshot;
  readonly server: ServerStanding | null;
  readonly verification: Verification | null;
  readonly repair: Repair | null;
}

/** Hashes an id with the salt of this report: equal ids are seen to be equal, and nothing more. */
export type HashId = (id: string) => string;

const UNKNOWN = '(other)';

/** Names come from the product alone: text that somebody could have typed is replaced. */
function entityName(name: string): string {
  return Object.hasOwn(entities, name) ? name : UNKNOWN;
}

function fieldName(entity: string, field: string): string {
  const definition = Object.hasOwn(entities, entity) ? entities[entity as keyof typeof entities] : undefined;
  return definition !== undefined && Object.hasOwn(definition.fields, field) ? field : UNKNOWN;
}

function codeName(code: string | null): string | null {
  return code === null || Object.hasOwn(errorCatalogue, code) ? code : UNKNOWN;
}

function kindName(kind: string): string {
  return operationKinds.find((known) => known === kind) ?? UNKNOWN;
}

function redactPending(pending: PendingRecord, hashId: HashId): Readonly<Record<string, unknown>> {
  const { entity, recordId, state, changes, kinds, fields, since, lastTryAt, reason } = pending;
  return {
    entity: entityName(entity),
    record: hashId(recordId),
    state,
    changes,
    kinds: kinds.map(kindName),
    fields: fields.map((field) => fieldName(entity, field)),
    since: instantOrNull(since),
    lastTryAt,
    reason: codeName(reason),
  };
}

/** The clock of a device is whatever the device says. */
function instantOrNull(text: string): string | null {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? text : null;
}

function redactVerification(verification: Verification, hashId: HashId): Readonly<Record<string, unknown>> {
  const { checkedAt, tookMs, records, missing, different, surplus, findings } = verification;
  const places = findings.map(({ kind, coll, id }) => ({ kind, collection: coll, record: hashId(id) }));
  return { checkedAt, tookMs, records, missing, different, surplus, findings: places };
}

/** Everything a report says, in the order in which it is written. */
export function redactReport(facts: ReportFacts, hashId: HashId): Readonly<Record<string, unknown>> {
  const { app, snapshot, server, verification, repair } = facts;
  const { connection, position, journal, database } = snapshot;
  return {
    report: 'outpost sync doctor',
    format: 1,
    app: { version: app.version, host: app.host, platform: app.platform },
    takenAt: snapshot.takenAt,
    connection: {
      phase: connection.phase,
      since: connection.since,
      workOffline: connection.workOffline,
      live: connection.live,
      liveSince: connection.liveSince,
      retryAt: connection.retryAt,
      upToDateAt: connection.upToDateAt,
      lastAnswerAt: connection.lastAnswerAt,
    },
    position: {
      stage: position.stage,
      epoch: position.epoch,
      ownEpoch: position.ownEpoch,
      mark: position.mark === null ? null : hashId(position.mark),
    },
    server:
      server === null
        ? null
        : {
            incarnation: hashId(server.incarnation),
            epoch: server.epoch,
            roundTripMs: server.roundTripMs,
            clockAheadMs: server.clockAheadMs,
          },
    journal: {
      waiting: journal.waiting,
      sending: journal.sending,
      retrying: journal.retrying,
      answered: journal.answered,
      refused: journal.refused,
      sizeBytes: journal.sizeBytes,
      lastCommitAt: journal.lastCommitAt,
      damagedRows: journal.damagedRows,
    },
    pendingRecords: snapshot.pendingTotal,
    pending: snapshot.pending.map((pending) => redactPending(pending, hashId)),
    errors: snapshot.errors.map(({ at, code, during }) => ({ at, code: codeName(code), during })),
    timings: snapshot.timings.map(({ kind, count, p50Ms, p95Ms, lastMs }) => ({ kind, count, p50Ms, p95Ms, lastMs })),
    exchanges: snapshot.exchanges.map(({ kind, at, tookMs, count, code }) => ({
      kind,
      at,
      tookMs,
      count,
      code: codeName(code),
    })),
    database:
      database === null
        ? null
        : {
            records: Object.fromEntries(
              Object.entries(database.counts).map(([name, count]) => [entityName(name), count]),
            ),
            unsentCount: database.unsentCount,
            sizeBytes: database.sizeBytes,
          },
    verification: verification === null ? null : redactVerification(verification, hashId),
    repair:
      repair === null
        ? null
        : {
            doneAt: repair.doneAt,
            tookMs: repair.tookMs,
            fetched: repair.fetched,
            replaced: repair.replaced,
            removed: repair.removed,
            unsentBefore: repair.unsentBefore,
            unsentAfter: repair.unsentAfter,
          },
  };
}
