// PGlite behind the port. It has one connection, so transactions queue up here and each runs alone: a statement outside
// of the running transaction can never slip into it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync, mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  beginStatement,
  isPatient,
  type SqlDatabase,
  type SqlSession,
  type SqlValue,
  type TransactionOptions,
} from '#server/store/database.ts';
import { lockDirectory } from '#server/store/directory-lock.ts';
import type { AdminConnection } from '#server/store/migrate.ts';
import type { PgliteReply, PgliteRequestBody, PgliteStatement } from '#server/store/pglite-protocol.ts';
import { SqlError } from '#server/store/sql-error.ts';
import { createTurns } from '#server/store/turns.ts';

interface Waiting {
  readonly resolve: (rows: readonly object[]) => void;
  readonly reject: (error: unknown) => void;
}

interface PgliteThread {
  /** Statements that are handed over in one go travel together, there and back: the way costs more than many of them. */
  run(statement: PgliteStatement): Promise<readonly object[]>;
  /** After everything that was handed over before. */
  send(body: Exclude<PgliteRequestBody, { readonly kind: 'statements' }>): Promise<readonly object[]>;
  readonly ended: Promise<void>;
  /** Settles when it ended without having been told to. */
  readonly lost: Promise<Error>;
}

function startThread(
  directory: string,
  onNotification: (channel: string, payload: string) => void,
): Promise<PgliteThread> {
  const worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: { directory } });
  const waiting = new Map<number, readonly Waiting[]>();
  let outbox: { readonly statement: PgliteStatement; readonly waiting: Waiting }[] = [];
  let lastId = 0;
  let isOver = false;
  let isClosing = false;
  let cause: unknown;
  const lost = new Promise<Error>((tell) => {
    worker.once('exit', () => {
      if (!isClosing) tell(new OutpostError('internal', 'The database thread has ended.', {}, { cause }));
    });
  });
  return new Promise((resolve, reject) => {
    const endAll = (error: unknown): void => {
      isOver = true;
      cause ??= error;
      reject(error);
      for (const entry of [...waiting.values()].flat()) entry.reject(error);
      for (const entry of outbox) entry.waiting.reject(error);
      waiting.clear();
      outbox = [];
    };
    const ended = new Promise<void>((finish) => {
      worker.once('exit', () => {
        endAll(new OutpostError('internal', 'The database thread has ended.'));
        finish();
      });
    });
    const post = (body: PgliteRequestBody, entries: readonly Waiting[]): void => {
      lastId += 1;
      waiting.set(lastId, entries);
      worker.postMessage({ ...body, id: lastId });
    };
    const flush = (): void => {
      const sent = outbox;
      outbox = [];
      if (sent.length === 0) return;
      post(
        { kind: 'statements', statements: sent.map(({ statement }) => statement) },
        sent.map((entry) => entry.waiting),
      );
    };
    const whenOpen = (hand: (entry: Waiting) => void): Promise<readonly object[]> =>
      new Promise((settle, refuse) => {
        if (isOver) refuse(new OutpostError('internal', 'The database is closed.'));
        else hand({ resolve: settle, reject: refuse });
      });
    const run: PgliteThread['run'] = (statement) =>
      whenOpen((entry) => {
        // When everything that is ready to run now has run: it may hand over more.
        if (outbox.length === 0) queueMicrotask(() => process.nextTick(flush));
        outbox.push({ statement, waiting: entry });
      });
    const send: PgliteThread['send'] = (body) =>
      whenOpen((entry) => {
        isClosing ||= body.kind === 'close';
        flush();
        post(body, [entry]);
      });
    worker.on('error', endAll);
    worker.on('message', (reply: PgliteReply) => {
      if (reply.kind === 'ready') resolve({ run, send, ended, lost });
      else if (reply.kind === 'failed') endAll(new SqlError(reply.error));
      else if (reply.kind === 'notification') onNotification(reply.channel, reply.payload);
      else {
        const entries = waiting.get(reply.id) ?? [];
        waiting.delete(reply.id);
        for (const [index, outcome] of reply.outcomes.entries()) {
          if (outcome.ok) entries[index]?.resolve(outcome.rows);
          else entries[index]?.reject(new SqlError(outcome.error));
        }
      }
    });
  });
}

/** Opens (or creates) the database below a directory and locks the directory until `close()`. */
export async function openPglite(
  dataDir: string,
  applyMigrations: (admin: AdminConnection) => Promise<void>,
  role: string,
): Promise<SqlDatabase> {
  if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(dataDir);
  try {
    const listeners = new Map<string, Set<(payload: string) => void>>();
    const thread = await startThread(dataDir, (channel, payload) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload);
    });
    const database = createDatabase(thread, listeners, role, () => lock.release());
    await applyMigrations({ transaction: (work) => database.transaction(work) });
    await thread.send({ kind: 'role', role });
    return database;
  } catch (error) {
    lock.release();
    throw error;
  }
}

function createDatabase(
  thread: PgliteThread,
  listeners: Map<string, Set<(payload: string) => void>>,
  role: string,
  release: () => void,
): SqlDatabase {
  const turns = createTurns(1, 1);
  /** What runs inside a transaction, for as long as that is open. */
  const inside = new AsyncLocalStorage<{ isOpen: boolean }>();
  /** Whoever asks beside the transaction they are in would wait for themselves, and everybody else with them: an error instead. */
  async function take<Value>(patient: boolean, work: () => Promise<Value>): Promise<Value> {
    if (inside.getStore()?.isOpen === true)
      throw new OutpostError('internal', 'The database was asked beside the transaction that is open.');
    return turns.take(patient, work);
  }
  const exclusively = <Value>(work: () => Promise<Value>): Promise<Value> => take(false, work);
  const statement = <Row extends object>(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> =>
    thread.run({ sql, params }) as Promise<readonly Row[]>;

  async function runTransaction<Value>(
    tenantId: string | null,
    work: (session: SqlSession) => Promise<Value>,
    options: TransactionOptions,
  ): Promise<Value> {
    const open = { isOpen: true };
    const session: SqlSession = {
      query(sql, params) {
        if (!open.isOpen) throw new OutpostError('internal', 'A session was used after its transaction ended.');
        return statement(sql, params);
      },
    };
    // The thread runs statements in the order they were handed over: nobody waits for answers that are not needed yet.
    const begun = [
      statement(beginStatement(options)),
      ...(tenantId === null ? [] : [statement(`SELECT set_config('outpost.tenant', $1, true)`, [tenantId])]),
    ];
    try {
      const [value] = await Promise.all([inside.run(open, () => work(session)), ...begun]);
      const committed = statement('COMMIT');
      // Nothing was written, so nothing is waited for. Should the thread have ended, whoever comes next is told.
      if (options.snapshot === true) committed.catch(() => undefined);
      else await committed;
      return value;
    } catch (error) {
      await statement('ROLLBACK');
      throw error;
    } finally {
      open.isOpen = false;
    }
  }
  function inTransaction<Value>(
    tenantId: string | null,
    work: (session: SqlSession) => Promise<Value>,
    options: TransactionOptions = {},
  ): Promise<Value> {
    return take(isPatient(options), () => runTransaction(tenantId, work, options));
  }

  return {
    engine: 'pglite',
    query: (sql, params) => exclusively(() => statement(sql, params)),
    transaction: (work) => inTransaction(null, work),
    inTenant: (tenantId, work, options) => inTransaction(tenantId, work, options),
    asOwner: (work, options = {}) =>
      exclusively(async () => {
        await thread.send({ kind: 'role', role: null });
        try {
          return await runTransaction(null, work, options);
        } finally {
          await thread.send({ kind: 'role', role });
        }
      }),
    async listen(channel, onMessage) {
      const existing = listeners.get(channel);
      if (existing === undefined) {
        listeners.set(channel, new Set([onMessage]));
        await exclusively(() => thread.send({ kind: 'listen', channel }));
      } else existing.add(onMessage);
      return async () => {
        listeners.get(channel)?.delete(onMessage);
      };
    },
    async notify(channel, payload) {
      await exclusively(() => statement('SELECT pg_notify($1, $2)', [channel, payload]));
    },
    script: (sql) => exclusively(() => thread.send({ kind: 'script', sql })),
    lost: thread.lost,
    async close() {
      await exclusively(() => thread.send({ kind: 'close' }));
      await thread.ended;
      release();
    },
  };
}
