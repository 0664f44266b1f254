// The sync doctor: one picture of how this computer stands to its server, a comparison, a repair and a report for strangers.
// It reads what others own. A repair is the engine's own comparison with the manifest; unsent work stays in the journal and
// follows as it always does.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { HostPosition, ManifestFindings } from '#shared/ipc/host-request.ts';
import type { AppInfo } from '#shared/ipc/session-state.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { redactReport } from '#shared/doctor/redact.ts';
import {
  MOST_FINDINGS,
  type DatabaseStanding,
  type DoctorSnapshot,
  type JournalStanding,
  type Repair,
  type ServerStanding,
  type Verification,
} from '#shared/doctor/snapshot.ts';
import { summarizePending, type OperationStanding } from '#shared/doctor/summarize-pending.ts';
import type { ExchangeLog } from '#main/doctor/exchange-log.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Engine } from '#main/sync/engine.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

export interface DoctorDeps {
  readonly active: () => ActiveProfile | null;
  readonly directoryOf: (profileId: string) => string;
  readonly engine: Pick<Engine, 'status' | 'verify' | 'repair'>;
  readonly host: Pick<HostLink, 'request' | 'isReady'>;
  readonly client: Pick<ServerClient, 'readWhere'>;
  readonly log: ExchangeLog;
  readonly clock: Clock;
  readonly elapsedMs: () => number;
  readonly info: () => AppInfo;
}

export interface Doctor {
  snapshot(): Promise<DoctorSnapshot>;
  /** Throws what the server or the network refuses. */
  askServer(): Promise<ServerStanding>;
  verify(): Promise<Verification>;
  repair(): Promise<Repair>;
  /** JSON without values, names, addresses and tokens; ids hashed with a salt of this report. */
  report(): Promise<string>;
  /** A comparison that mends found this. */
  noteCompared(findings: ManifestFindings): void;
  /** Somebody else is signed in now: nothing found before is theirs. */
  forget(): void;
}

const SALT_BYTES = 32;
const HASH_LETTERS = 12;
const MARK_LETTERS = 8;

interface FileStanding {
  readonly sizeBytes: number;
  readonly lastCommitAt: string | null;
}

/** Size of the journal's files and when they were last written. */
function standingOfFiles(directory: string): FileStanding {
  let sizeBytes = 0;
  let lastMs = 0;
  for (const name of ['journal.sqlite', 'journal.sqlite-wal']) {
    const found = statSync(path.join(directory, name), { throwIfNoEntry: false });
    if (found === undefined) continue;
    sizeBytes += found.size;
    lastMs = Math.max(lastMs, found.mtimeMs);
  }
  return { sizeBytes, lastCommitAt: lastMs === 0 ? null : toInstant(lastMs) };
}

function standingsOf({ journal }: ActiveProfile, log: ExchangeLog): readonly OperationStanding[] {
  const answered = new Set(journal.undelivered().map(({ opId }) => opId));
  const open = journal.pending().map((operation): OperationStanding => {
    const last = log.lastTry(operation.opId);
    if (answered.has(operation.opId)) return { operation, state: 'answered', lastTryAt: null, reason: null };
    if (last === null) return { operation, state: 'waiting', lastTryAt: null, reason: null };
    return { operation, state: last.code === null ? 'sending' : 'retrying', lastTryAt: last.at, reason: last.code };
  });
  const refused = journal.attention().map(({ operation, createdAt, code }): OperationStanding => {
    return { operation, state: 'refused', lastTryAt: createdAt, reason: code };
  });
  // What waits for the user's decision is listed whatever else waits.
  return [...refused, ...open];
}

export function createDoctor(deps: DoctorDeps): Doctor {
  const { engine, host, log, clock } = deps;
  let verification: Verification | null = null;
  let repaired: Repair | null = null;
  let server: ServerStanding | null = null;
  let mended = { missing: 0, different: 0, surplus: 0 };

  function requireActive(): ActiveProfile {
    const active = deps.active();
    if (active === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return active;
  }

  async function askHost(): Promise<{ readonly position: HostPosition; readonly database: DatabaseStanding } | null> {
    if (!host.isReady()) return null;
    try {
      const position = (await host.request({ kind: 'readPosition' })) as HostPosition;
      const database = (await host.request({ kind: 'describeDatabase' })) as DatabaseStanding;
      return { position, database };
    } catch (error) {
      // It is being opened or started again: the picture says that it is not there.
      if (error instanceof OutpostError) return null;
      throw error;
    }
  }

  function journalStanding(profile: ActiveProfile, standings: readonly OperationStanding[]): JournalStanding {
    const count = (wanted: OperationStanding['state']): number =>
      standings.filter(({ state }) => state === wanted).length;
    return {
      waiting: count('waiting'),
      sending: count('sending'),
      retrying: count('retrying'),
      answered: count('answered'),
      refused: count('refused'),
      ...standingOfFiles(deps.directoryOf(profile.account.profileId)),
      damagedRows: profile.journal.damage.quarantinedCount,
    };
  }

  async function snapshot(): Promise<DoctorSnapshot> {
    const profile = requireActive();
    const held = await askHost();
    const { phase, workOffline, retryAt, upToDateAt } = engine.status();
    const live = log.live();
    const standings = standingsOf(profile, log);
    const { records, total } = summarizePending(standings);
    const token = held?.position.token ?? null;
    return {
      takenAt: toInstant(clock.now()),
      connection: {
        phase,
        since: log.since(),
        workOffline,
        live: live.state,
        liveSince: live.since,
        retryAt,
        upToDateAt,
        lastAnswerAt: log.lastAnswerAt(),
      },
      position: {
        stage: held?.position.stage ?? null,
        epoch: held?.position.epoch ?? null,
        ownEpoch: profile.state().actor.epoch,
        mark: token === null ? null : createHash('sha256').update(token).digest('hex').slice(0, MARK_LETTERS),
      },
      journal: journalStanding(profile, standings),
      pending: records,
      pendingTotal: total,
      errors: log.errors(),
      timings: log.timings(),
      exchanges: log.exchanges(),
      database: held?.database ?? null,
    };
  }

  async function verify(): Promise<Verification> {
    const startedMs = deps.elapsedMs();
    const { records, missing, different, surplus, findings } = await engine.verify();
    verification = {
      checkedAt: toInstant(clock.now()),
      tookMs: Math.round(deps.elapsedMs() - startedMs),
      records,
      missing,
      different,
      surplus,
      findings: findings.slice(0, MOST_FINDINGS),
    };
    return verification;
  }

  const unsentCount = ({ journal }: ActiveProfile): number => journal.counts().pending + journal.counts().attention;

  return {
    snapshot,
    async askServer() {
      const { account, access } = requireActive();
      const startedMs = deps.elapsedMs();
      const { incarnation, epoch, serverTime } = await access.run((token) =>
        deps.client.readWhere(account.serverUrl, token),
      );
      const roundTripMs = Math.round(deps.elapsedMs() - startedMs);
      const clockAheadMs = Math.round(clock.now() - roundTripMs / 2 - toEpochMs(serverTime));
      server = { incarnation, epoch, roundTripMs, clockAheadMs };
      return server;
    },
    verify,
    async repair() {
      const profile = requireActive();
      const startedMs = deps.elapsedMs();
      const unsentBefore = unsentCount(profile);
      mended = { missing: 0, different: 0, surplus: 0 };
      await engine.repair();
      const found = mended;
      const after = await verify();
      repaired = {
        doneAt: toInstant(clock.now()),
        tookMs: Math.round(deps.elapsedMs() - startedMs),
        fetched: found.missing,
        replaced: found.different,
        removed: found.surplus,
        unsentBefore,
        unsentAfter: unsentCount(profile),
        after,
      };
      return repaired;
    },
    async report() {
      const { version, host: hostName, platform } = deps.info();
      const salt = randomBytes(SALT_BYTES);
      const hashId = (id: string): string => createHmac('sha256', salt).update(id).digest('hex').slice(0, HASH_LETTERS);
      const facts = { app: { version, host: hostName, platform }, snapshot: await snapshot(), server, verification };
      return `${JSON.stringify(redactReport({ ...facts, repair: repaired }, hashId), null, 2)}\n`;
    },
    noteCompared({ missing, different, surplus }) {
      const count = (places: ManifestFindings['missing']): number =>
        places.reduce((sum, { ids }) => sum + ids.length, 0);
      mended = {
        missing: mended.missing + count(missing),
        different: mended.different + count(different),
        surplus: mended.surplus + count(surplus),
      };
    },
    forget() {
      verification = null;
      repaired = null;
      server = null;
      log.clear();
    },
  };
}
