import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { createSyncWorld } from '#test/support/sync-world.ts';

const KILLS = 6;
const DEVICE = 'laptop';

/** Runs the pusher until enough was acknowledged and it happens to be killed; answers acknowledged numbers. */
async function pushAndKill(
  dataDir: string,
  tenantId: string,
  from: number,
  acknowledgements: number,
): Promise<readonly string[]> {
  const script = join(import.meta.dirname, '../../support/push-until-killed.ts');
  const child = spawn(process.execPath, [script, dataDir, tenantId, DEVICE, String(from)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > acknowledgements) child.kill('SIGKILL');
  });
  await ended;
  if (!output.startsWith('ready')) throw new Error(`The server process failed:\n${errors}`);
  // The last line may be cut; a cut line was not received.
  return output.split('\n').slice(1, -1);
}

it(`SYNC-3 SYNC-13 after ${KILLS} kills with SIGKILL every acknowledged operation is there exactly once`, async () => {
  const engine = sqlEngines[0];
  if (engine === undefined) throw new Error('PGlite is always there.');
  const { location, remove } = await engine.createLocation();
  if (!('dataDir' in location)) throw new Error('PGlite lives in a directory.');
  const random = createSeededRandom(20_261_121);
  const first = await openDatabase(location);
  const { tenantId } = await createSyncWorld(first);
  await first.close();

  const acknowledged: string[] = [];
  let next = 1;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const lines = await pushAndKill(location.dataDir, tenantId, next, random.integer(10, 120));
    acknowledged.push(...lines);
    // The sender does not know which of the last ones arrived: it repeats from the first unanswered one.
    next = Number(acknowledged.at(-1)?.split(' ')[0] ?? 0) + 1;
  }

  const db = await openDatabase(location);
  const rows = await db.inTenant(tenantId, (session) =>
    session.query<{ opId: string; changes: number; audits: number; isThere: boolean }>(
      `SELECT r.op_id AS "opId",
         (SELECT count(*) FROM change c WHERE c.op_id = r.op_id) AS changes,
         (SELECT count(*) FROM audit a WHERE a.op_id = r.op_id) AS audits,
         EXISTS (SELECT 1 FROM record d WHERE d.coll = 'accounts' AND d.id = 'account-' || r.op_no) AS "isThere"
       FROM op_result r WHERE r.device = $1`,
      [DEVICE],
    ),
  );
  const head = await db.inTenant(tenantId, (session) =>
    session.query<{ seq: number; count: number }>(
      'SELECT seq, (SELECT count(DISTINCT seq) FROM change) AS count FROM tenant_head',
    ),
  );
  await db.close();
  await remove();
  const stored = new Set(rows.map((row) => row.opId));
  expect(acknowledged.length).toBeGreaterThan(KILLS * 10);
  expect(acknowledged.every((line) => line.endsWith(' applied'))).toBe(true);
  expect(acknowledged.filter((line) => !stored.has(`${DEVICE}-${line.split(' ')[0]}`))).toEqual([]);
  expect(rows.filter((row) => row.changes !== 1 || row.audits !== 1 || !row.isThere)).toEqual([]);
  expect(head[0]?.count).toBe(head[0]?.seq);
});
