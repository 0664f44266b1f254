// Counts of guesses, as all servers on one database share them: on both engines, on a clock that is told to go on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAttemptLimits, forgetAttempts, signInPolicy } from '#server/identity/attempt-limits.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import { createManualClock } from '#test/support/start-server.ts';

async function tries(begin: () => Promise<void>, most: number): Promise<number> {
  for (let count = 0; count < most; count += 1) {
    try {
      await begin();
    } catch {
      return count;
    }
  }
  return most;
}

describe.each(sqlEngines)('limits on guessing on $name', (engine) => {
  let db: SqlDatabase;
  let place: Awaited<ReturnType<typeof engine.createLocation>>;
  const clock = createManualClock();

  beforeAll(async () => {
    place = await engine.createLocation();
    db = await openDatabase(place.location);
  });
  afterAll(async () => {
    await db.close();
    await place.remove();
  });

  it('C3 stops a spray of names from one source, and lets other sources pass', async () => {
    const limits = createAttemptLimits({ database: db, clock }, 'signIn');
    let name = 0;
    const spray = (source: string) => () => limits.begin(`name-${String((name += 1))}`, source);
    expect(await tries(spray('1.2.3.4'), 200)).toBe(signInPolicy.perSource);
    expect(await tries(spray('5.6.7.8'), 10)).toBe(10);
  });

  it('C3 stops stuffing one account from many sources, and one pair early, so that its owner is not kept out from elsewhere', async () => {
    const limits = createAttemptLimits({ database: db, clock }, 'proof');
    expect(await tries(() => limits.begin('ada', '1.1.1.1'), 100)).toBe(signInPolicy.perPair);
    await limits.begin('ada', '2.2.2.2');
    let source = 0;
    expect(await tries(() => limits.begin('ada', `10.0.0.${String((source += 1))}`), 100)).toBe(
      signInPolicy.perAccount - signInPolicy.perPair - 1,
    );
    clock.advance(signInPolicy.windowMs);
    await limits.begin('ada', '1.1.1.1');
  });

  it('C3 a burst in parallel gains nothing, a right answer takes its count back, and kinds count apart', async () => {
    const limits = createAttemptLimits({ database: db, clock }, 'invitation');
    const burst = () => Promise.allSettled(Array.from({ length: 20 }, () => limits.begin('bob', '1.1.1.1')));
    const taken = (await burst()).filter(({ status }) => status === 'fulfilled');
    expect(taken).toHaveLength(signInPolicy.perPair);
    await createAttemptLimits({ database: db, clock }, 'askReset').begin('bob', '1.1.1.1');
    await limits.succeed('bob', '1.1.1.1');
    expect(await tries(() => limits.begin('bob', '1.1.1.1'), 20)).toBe(signInPolicy.perPair);
  });

  it('C3 what is over is forgotten, and nobody is named in what is kept', async () => {
    await createAttemptLimits({ database: db, clock }, 'signIn').begin('carol@example.test', '9.9.9.9');
    const rows = await db.query<{ key: string }>('SELECT key FROM attempt_window');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ key }) => /carol|9\.9/.test(key))).toEqual([]);
    await db.transaction((session) => forgetAttempts(session, clock.now() + signInPolicy.windowMs));
    expect(await db.query('SELECT key FROM attempt_window')).toEqual([]);
  });
});
