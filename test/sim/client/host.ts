// The data host of a device: the product's applier and commands over the model of the local database, one task at a time.
// Killed with its window, it loses what the disk had not taken; opened again, it agrees with the journal.
import type { Applier } from '#renderer/data/apply.ts';
import type { LocalDatabase } from '#renderer/data/database.ts';
import {
  executeCommand,
  saveOperations,
  type ExecuteDeps,
  type ExecuteOutcome,
  type JournalPort,
} from '#renderer/data/execute.ts';
import { openApplier } from '#renderer/data/open-applier.ts';
import { createReconciler, type Fingerprinter, type Reconciler } from '#renderer/data/reconcile.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { createSerialQueue } from '#renderer/data/serial-queue.ts';
import type { FieldIndex } from '#renderer/data/queries/field-index.ts';
import { createHmac, createSecretKey } from 'node:crypto';
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { FINGERPRINT_BYTES, fingerprintText } from '#shared/sync/manifest.ts';
import type { Operation, OperationDraft } from '#shared/sync/operation.ts';
import { openDatabaseFile, type DatabaseFile } from '#test/sim/client/database-file.ts';

export interface HostDeps {
  readonly file: () => DatabaseFile;
  /** Asked before every write of the database. */
  readonly beforeWrite: () => Promise<void> | null;
  readonly unsent: () => readonly Operation[];
  readonly append: (drafts: readonly OperationDraft[]) => readonly Operation[];
  readonly clock: Clock;
  readonly createId: CreateId;
  /** Stand between the product and the model, for planted defects. */
  readonly wrapDatabase: (database: LocalDatabase, file: DatabaseFile) => LocalDatabase;
  readonly wrapApplier: (applier: Applier) => Applier;
  readonly onApplied: (request: HostRequest, hasJustOpened: boolean) => void;
}

export interface Host {
  /** Null before a profile was opened. */
  readonly source: () => RecordSource | null;
  request(request: HostRequest): Promise<unknown>;
  execute(command: string, input: unknown): Promise<ExecuteOutcome>;
  /** Appends what no command would write, as a program that is not ours might. */
  save(drafts: readonly OperationDraft[]): Promise<void>;
  readonly actor: () => Actor | null;
}

interface Session {
  actor: Actor;
  /** What is asked until everything is unpacked. */
  asksToUnpack: number;
  readonly database: LocalDatabase;
  readonly applier: Applier;
  readonly reconciler: Reconciler;
}

const ASKS_TO_UNPACK = 3;

function createFieldIndex(source: RecordSource): FieldIndex {
  return {
    find: (entity, field, value) => [...source.all(entity).values()].filter((record) => record[field] === value),
  };
}

/** Fingerprints as the product makes them, without waiting for another thread. */
const fingerprintAtOnce: Fingerprinter = (key) => {
  const secret = createSecretKey(key, 'base64');
  return Promise.resolve((projection: AnyRecord) => {
    const hash = createHmac('sha256', secret).update(fingerprintText(projection)).digest();
    return Promise.resolve(hash.toString('base64url', 0, FINGERPRINT_BYTES));
  });
};

export function createHost(deps: HostDeps): Host {
  const queue = createSerialQueue();
  const startedAtMs = deps.clock.now();
  const journal: JournalPort = {
    append: (drafts) => Promise.resolve(deps.append(drafts)),
    pending: () => Promise.resolve(deps.unsent()),
  };
  let session: Session | null = null;

  function current(): Session {
    if (session === null) throw new OutpostError('not_signed_in', 'Nobody is signed in');
    return session;
  }

  async function open(actor: Actor): Promise<void> {
    if (session !== null && session.actor.userId === actor.userId) {
      session.actor = actor;
      return;
    }
    const file = deps.file();
    const database = deps.wrapDatabase(openDatabaseFile(file, deps.beforeWrite), file);
    const applier = deps.wrapApplier(await openApplier(database, deps.unsent(), actor.userId));
    session = {
      actor,
      asksToUnpack: ASKS_TO_UNPACK,
      database,
      applier,
      reconciler: createReconciler(database, applier, fingerprintAtOnce),
    };
  }

  async function unpackSoon(): Promise<void> {
    if (session === null || session.asksToUnpack === 0) return;
    session.asksToUnpack -= 1;
    if (session.asksToUnpack > 0) return;
    session.database.unpack(Number.POSITIVE_INFINITY);
    await session.applier.mend();
  }

  async function handle(request: HostRequest): Promise<unknown> {
    await unpackSoon();
    const wasClosed = session === null;
    switch (request.kind) {
      case 'openProfile':
        await open(request.actor);
        break;
      case 'readPosition':
        return current().reconciler.position();
      case 'findAbsent':
        return current().reconciler.findAbsent(request.places);
      case 'compareManifest':
        return current().reconciler.compare(request);
      case 'purge':
        await current().reconciler.purge(request.drop);
        break;
      case 'applyManifest':
        await current().reconciler.apply(request);
        break;
      // A simulated device keeps no content of files.
      case 'lookAtFiles':
        return { held: [], deleted: [], recent: [] };
      // Nobody here has a mailbox, or is told anything.
      case 'lookAtTime':
      case 'matchMails':
      case 'keepMail':
      case 'remindOfMail':
      case 'continueImport':
      case 'stopImport':
        return null;
      case 'describeDatabase':
        // Only the doctor's window asks, and there is none here.
        break;
      case 'execute':
        await executeCommand(executeDeps(), request.command, request.input);
        break;
      case 'reloadPending':
        await current().reconciler.reload(deps.unsent());
        break;
      case 'applyPage':
        await current().applier.applyPage(request);
        break;
      case 'applyVerdicts':
        await current().applier.applyVerdicts(request.verdicts);
        break;
      case 'closeProfile':
        session = null;
        break;
      case 'wipe':
        await session?.database.remove();
        session = null;
        break;
    }
    deps.onApplied(request, wasClosed);
    return null;
  }

  function executeDeps(): ExecuteDeps {
    const { actor, applier, database } = current();
    const source = database.mirror;
    const sinceStartMs = (): number => deps.clock.now() - startedAtMs;
    const { clock, createId } = deps;
    return { actor, source, index: createFieldIndex(source), journal, applier, clock, createId, sinceStartMs };
  }

  return {
    source: () => session?.database.mirror ?? null,
    actor: () => session?.actor ?? null,
    request: (request) => queue.run(() => handle(request)),
    execute: (command, input) => queue.run(() => executeCommand(executeDeps(), command, input)),
    save: (drafts) => queue.run(async () => void (await saveOperations(executeDeps(), drafts))),
  };
}
