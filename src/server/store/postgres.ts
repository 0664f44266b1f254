// PostgreSQL behind the port: a pool whose connections all act as the application role from their first statement on and
// prepare each statement once (planned at every run with its own values, as in PGlite),
// one extra connection that only listens, and another role for migrations that is never used at run time.
import { Socket } from 'node:net';
import { Client, Pool, types as defaultTypes, type ClientBase, type CustomTypesConfig, type QueryResult } from 'pg';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  beginStatement,
  isPatient,
  type SqlDatabase,
  type SqlSession,
  type SqlValue,
  type TransactionOptions,
} from '#server/store/database.ts';
import type { AdminConnection } from '#server/store/migrate.ts';
import { createPostgresListener } from '#server/store/postgres-listener.ts';
import { SqlError, toSqlErrorData } from '#server/store/sql-error.ts';
import { createTurns } from '#server/store/turns.ts';

/** Counters of this schema stay far below 2^53; text would make every caller convert. */
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === defaultTypes.builtins.INT8 ? Number : parserOf(oid, format)),
};

function parserOf(...question: Parameters<CustomTypesConfig['getTypeParser']>): (value: string) => unknown {
  const parser: unknown = defaultTypes.getTypeParser(...question);
  return parser as (value: string) => unknown;
}

/** Long readings at once. What they read is worked on by one thread: two keep it busy, more only hold up everything else. */
const PATIENT_AT_ONCE = 2;
/** So many different statements are prepared on a connection; more than there are, if nothing makes them up. */
const MOST_NAMES = 500;
const names = new Map<string, string>();

/** Undefined: run without being prepared. */
function nameOf(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size === MOST_NAMES) return known;
  const name = `s${String(names.size)}`;
  names.set(sql, name);
  return name;
}

/** A socket that sends what is written in one go together: each time it is asked to costs more than many statements weigh. */
function createGatheringSocket(): Socket {
  const socket = new Socket();
  const write: (...args: Parameters<Socket['write']>) => boolean = socket.write.bind(socket);
  let isGathering = false;
  const gather = (...args: Parameters<Socket['write']>): boolean => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      // When everything that is ready to run now has run: it may write more.
      queueMicrotask(() =>
        process.nextTick(() => {
          isGathering = false;
          socket.uncork();
        }),
      );
    }
    return write(...args);
  };
  return Object.assign(socket, { write: gather });
}

async function run<Row extends object>(
  client: ClientBase,
  sql: string,
  params: readonly SqlValue[],
): Promise<readonly Row[]> {
  try {
    const name = params.length === 0 ? undefined : nameOf(sql);
    const result = await client.query<Row>({ text: sql, values: [...params], ...(name === undefined ? {} : { name }) });
    return result.rows;
  } catch (error) {
    throw new SqlError(toSqlErrorData(error), { cause: error });
  }
}

/** The driver answers several statements with several results. */
async function runScript(client: ClientBase, sql: string): Promise<readonly object[]> {
  try {
    const result: QueryResult<object> | readonly QueryResult<object>[] = await client.query<object>(sql);
    return [result].flat().flatMap(({ rows }) => rows);
  } catch (error) {
    await client.query('ROLLBACK');
    throw new SqlError(toSqlErrorData(error), { cause: error });
  }
}

async function runTransaction<Value>(
  client: ClientBase,
  tenantId: string | null,
  work: (session: SqlSession) => Promise<Value>,
  options: TransactionOptions = {},
): Promise<Value> {
  let isOpen = true;
  const sent: Promise<unknown>[] = [];
  // The connection is a pipeline: statements run one after the other in the order they were handed over, and nobody waits
  // for an answer that is not needed yet. After a failed one the database refuses the rest until the rollback.
  function send<Row extends object>(sql: string, params: readonly SqlValue[]): Promise<readonly Row[]> {
    const rows = run<Row>(client, sql, params);
    sent.push(rows.catch(() => undefined));
    return rows;
  }
  const session: SqlSession = {
    query(sql, params = []) {
      if (!isOpen) throw new OutpostError('internal', 'A session was used after its transaction ended.');
      return send(sql, params);
    },
  };
  const begun = [
    send(beginStatement(options), []),
    ...(tenantId === null ? [] : [send(`SELECT set_config('outpost.tenant', $1, true)`, [tenantId])]),
  ];
  try {
    const [value] = await Promise.all([work(session), ...begun]);
    await run(client, 'COMMIT', []);
    return value;
  } catch (error) {
    isOpen = false;
    await Promise.all(sent);
    await run(client, 'ROLLBACK', []);
    throw error;
  } finally {
    isOpen = false;
  }
}

/** A connection with the rights of the given URL, for migrations, backup and restore. */
async function withOwner<Value>(databaseUrl: string, work: (client: Client) => Promise<Value>): Promise<Value> {
  const client = new Client({ connectionString: databaseUrl, types, pipeline: true });
  // A connection that breaks fails the statement under way; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs the migrations with the rights of the given URL. */
export async function withPostgresAdmin(
  databaseUrl: string,
  work: (admin: AdminConnection) => Promise<void>,
): Promise<void> {
  await withOwner(databaseUrl, (client) => work({ transaction: (body) => runTransaction(client, null, body) }));
}

/** Opens a pool that acts as `role`. Migrations must have run. */
export async function openPostgres(databaseUrl: string, poolSize: number, role: string): Promise<SqlDatabase> {
  const connection = {
    connectionString: databaseUrl,
    types,
    options: `-c role=${role} -c plan_cache_mode=force_custom_plan`,
    stream: createGatheringSocket,
  };
  const pool = new Pool({ ...connection, pipeline: true, max: poolSize });
  // A connection that dies while idle is replaced by the pool; the next statement tells if the server is really gone.
  pool.on('error', () => undefined);
  const listener = createPostgresListener(() => new Client(connection));

  const turns = createTurns(Number.POSITIVE_INFINITY, PATIENT_AT_ONCE);

  function inTransaction<Value>(
    tenantId: string | null,
    work: (session: SqlSession) => Promise<Value>,
    options: TransactionOptions = {},
  ): Promise<Value> {
    return turns.take(isPatient(options), () => runOnClient(tenantId, work, options));
  }

  async function runOnClient<Value>(
    tenantId: string | null,
    work: (session: SqlSession) => Promise<Value>,
    options: TransactionOptions,
  ): Promise<Value> {
    const client = await pool.connect();
    let failure: Error | undefined;
    const onLost = (error: Error): void => {
      failure = error;
    };
    client.on('error', onLost);
    try {
      return await runTransaction(client, tenantId, work, options);
    } finally {
      client.off('error', onLost);
      client.release(failure);
    }
  }

  return {
    engine: 'postgres',
    async query(sql, params = []) {
      const client = await pool.connect();
      try {
        return await run(client, sql, params);
      } finally {
        client.release();
      }
    },
    transaction: (work) => inTransaction(null, work),
    inTenant: (tenantId, work, options) => inTransaction(tenantId, work, options),
    asOwner: (work, options) => withOwner(databaseUrl, (client) => runTransaction(client, null, work, options)),
    async script(sql) {
      const client = await pool.connect();
      try {
        return await runScript(client, sql);
      } finally {
        client.release();
      }
    },
    listen: (channel, onMessage) => listener.listen(channel, onMessage),
    async notify(channel, payload) {
      await pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
    },
    // A connection that is lost is made anew.
    lost: new Promise(() => undefined),
    async close() {
      await listener.close();
      await pool.end();
    },
  };
}
