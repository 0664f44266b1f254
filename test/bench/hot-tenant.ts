// Sixteen devices of one organization push at once while another one follows the log. The peer, on the same PostgreSQL in
// the same run, is what an application does without this server: sixteen connections that each take the next number of a
// counter, insert one row and commit, in three round trips. Both commit durably (fsync on); both count rows per second.
import { Pool, type PoolClient } from 'pg';
import { median, type Figure } from '#test/bench/figure.ts';
import { findPostgresBinaries, startPostgres } from '#test/support/start-postgres.ts';
import { createRecognition } from '#server/identity/recognition.ts';
import { openSession } from '#server/identity/sessions.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { pushOperations } from '#server/sync/push.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { createSyncWorld, seededRecord, type SyncWorld, type TestDevice } from '#test/support/sync-world.ts';
import { seedInto } from '#server/sync/apply-records.ts';

const WRITERS = 16;
const RECORDS_OF_A_WRITER = 200;
const ROUND_MS = 3_000;
const ROUNDS = 3;
const NOTE = 'Called back, wants an offer for forty seats until the end of the month. '.repeat(5);

/** Rows that were committed within the time, counted by the writers themselves. */
async function runWriters(write: (writer: number) => Promise<number>): Promise<number> {
  const startedMs = performance.now();
  const untilMs = startedMs + ROUND_MS;
  const counts = await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      let rows = 0;
      while (performance.now() < untilMs) rows += await write(writer);
      return rows;
    }),
  );
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - startedMs)) * 1000;
}

interface Peer {
  run(): Promise<number>;
  close(): Promise<void>;
}

async function openPeer(databaseUrl: string): Promise<Peer> {
  const pool = new Pool({ connectionString: databaseUrl, max: WRITERS });
  // The bench ends its server while connections still close.
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE counter (tenant text PRIMARY KEY, seq bigint NOT NULL)');
  await pool.query('CREATE TABLE log (tenant text, seq bigint, data json NOT NULL, PRIMARY KEY (tenant, seq))');
  await pool.query(`INSERT INTO counter VALUES ('hot', 0)`);
  const data = JSON.stringify({ id: 'record-1', note: NOTE });
  async function writeOne(client: PoolClient): Promise<number> {
    const results = (await client.query(
      `BEGIN; UPDATE counter SET seq = seq + 1 WHERE tenant = 'hot' RETURNING seq`,
    )) as unknown as readonly { readonly rows: readonly { readonly seq: string }[] }[];
    await client.query('INSERT INTO log VALUES ($1, $2, $3)', ['hot', results[1]?.rows[0]?.seq, data]);
    await client.query('COMMIT');
    return 1;
  }
  async function run(): Promise<number> {
    const clients = await Promise.all(Array.from({ length: WRITERS }, () => pool.connect()));
    const rate = await runWriters((writer) => {
      const client = clients[writer];
      if (client === undefined) throw new Error('one connection for each writer expected');
      return writeOne(client);
    });
    for (const client of clients) client.release();
    return rate;
  }
  return { run, close: () => pool.end() };
}

interface Writer {
  readonly device: TestDevice;
  /** Who pushes, as every request of a session asks. */
  readonly recognise: () => Promise<Actor>;
  next: number;
}

/** Recognised as in the server: those who come at once together. */
async function openWriters(db: SqlDatabase, world: SyncWorld): Promise<readonly Writer[]> {
  const { tenantId, deps } = world;
  const recognise = createRecognition(db, deps.clock);
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, index): Promise<Writer> => {
      const device = world.device('rep', `writer-${String(index)}`);
      const sessionId = `session-${String(index)}`;
      const from = { deviceId: device.id, deviceName: '', address: '', provedBy: 'password' } as const;
      const opened = { tenantId, userId: 'rep' as UserId, sessionId, ...from };
      await db.inTenant(tenantId, (session) => openSession(session, opened, deps.clock.now()));
      return {
        device,
        next: 0,
        async recognise() {
          const { loaded, state } = await recognise({ tenantId, sessionId });
          if (loaded === null || state !== 'living') throw new Error('a writer is not recognised');
          return loaded.actor;
        },
      };
    }),
  );
}

/** Pushes the next operations of a writer: each changes a record of its own. */
async function pushOnce(world: SyncWorld, writer: Writer, index: number, size: number): Promise<number> {
  const operations = Array.from({ length: size }, () => {
    writer.next += 1;
    const to = { description: `${String(writer.next)} ${NOTE}` };
    return writer.device.operation({
      entity: 'contact',
      recordId: `contact-${String(index)}-${String(writer.next % RECORDS_OF_A_WRITER)}`,
      changes: [{ group: 'description', base: {}, to }],
    });
  });
  const actor = await writer.recognise();
  const request = { protocol: 1, epoch: actor.epoch, ops: operations };
  const { verdicts } = await pushOperations(world.deps, actor, writer.device.id, request);
  if (verdicts.some((verdict) => verdict.status !== 'applied')) throw new Error(JSON.stringify(verdicts[0]));
  return size;
}

async function seedContacts(world: SyncWorld): Promise<void> {
  const records = Array.from({ length: WRITERS * RECORDS_OF_A_WRITER }, (_, index) => {
    const id = `contact-${String(Math.floor(index / RECORDS_OF_A_WRITER))}-${String(index % RECORDS_OF_A_WRITER)}`;
    return seededRecord('contact', id, { name: `Person ${String(index)}`, ownerId: 'rep', teamId: 'north' });
  });
  await seedInto(world.deps.store, world.tenantId, records, world.deps.clock);
}

/** Follows the log while `work` runs; answers how many of the numbers it was told of had not been delivered in order. */
async function follow(world: SyncWorld, work: () => Promise<void>): Promise<string> {
  const reader = world.device('manager', 'reader');
  await reader.pullAll(5000);
  const state = { isOver: false };
  let delivered = 0;
  const reading = (async () => {
    for (;;) {
      const wasOver = state.isOver;
      const page = await reader.pull(2000);
      delivered += page.items.length;
      if (page.caughtUp && wasOver) return;
      if (page.caughtUp) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await work();
  state.isOver = true;
  await reading;
  const stored = await world.rows<{ id: string; rev: number }>(
    `SELECT id, rev FROM record WHERE tenant = $1 AND coll = 'contacts'`,
    [world.tenantId],
  );
  const lost = stored.filter(({ id, rev }) => reader.store.get(`contacts/${id}`)?.rev !== rev);
  if (lost.length > 0) throw new Error(`a reader of the log lost ${String(lost.length)} records`);
  return `a device following the log read ${String(delivered)} items and holds the newest state of all ${String(stored.length)} records`;
}

export const hotTenant: Figure = {
  name: 'hot-tenant',
  unit: 'rows/s',
  ratio: 'times',
  target: { is: '>=', limit: 10 },
  async measure() {
    const binaries = findPostgresBinaries();
    if (binaries === null) throw new Error('this figure needs PostgreSQL');
    const server = await startPostgres(binaries, { isDurable: true });
    const peer = await openPeer(await server.createDatabase('peer'));
    const db = await openDatabase({ databaseUrl: await server.createDatabase('own') });
    try {
      const world = await createSyncWorld(db);
      await seedContacts(world);
      const writers = await openWriters(db, world);
      const measureOwn = (size: number): Promise<number> =>
        runWriters((index) => {
          const writer = writers[index];
          if (writer === undefined) throw new Error('a device for each writer expected');
          return pushOnce(world, writer, index, size);
        });
      const rates: Record<'peer' | 'one' | 'twenty', number[]> = { peer: [], one: [], twenty: [] };
      const said = await follow(world, async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          rates.peer.push(await peer.run());
          rates.one.push(await measureOwn(1));
          rates.twenty.push(await measureOwn(20));
        }
      });
      const [counter, one, twenty] = [median(rates.peer), median(rates.one), median(rates.twenty)];
      return {
        value: twenty,
        peer: { name: 'three-statement counter, one row a transaction', value: counter },
        notes: [
          said,
          `with one edit a push ${one.toFixed(0)} rows/s, ${(one / counter).toFixed(1)} times the peer; with 20 edits a push ${twenty.toFixed(0)} rows/s`,
        ],
      };
    } finally {
      await peer.close();
      await db.close();
      await server.stop();
    }
  },
};
