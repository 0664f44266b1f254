import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournalWorld, type JournalWorld } from '#test/support/journal-world.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const program = path.join(import.meta.dirname, '../../../support/append-until-killed.ts');

/** Runs the program until it said `lines` lines, then SIGKILL at some instant after. Answers all it said. */
async function appendAndKill(file: string, lines: number, delayMs: number): Promise<string> {
  const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const enough = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.split('\n').length > lines) resolve();
    });
  });
  await enough;
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return said;
}

describe('journal under kill -9', () => {
  let world: JournalWorld;
  beforeEach(() => {
    world = createJournalWorld();
  });
  afterEach(() => world.remove());

  it(
    'SYNC-4 nothing that was called saved is lost, and no half of an append is there',
    { timeout: 60_000 },
    async () => {
      const random = createSeededRandom(20261121);
      const acknowledged = new Map<number, string>();
      for (let round = 0; round < 6; round += 1) {
        const said = await appendAndKill(world.path, random.integer(1, 60), random.integer(0, 9));
        for (const line of said.split('\n').slice(0, -1)) {
          for (const pair of line.split(' ')) {
            const [opNo = '', opId = ''] = pair.split('=');
            expect(acknowledged.has(Number(opNo))).toBe(false);
            acknowledged.set(Number(opNo), opId);
          }
        }
        const journal = world.open();
        const stored = journal.pending();
        expect(journal.damage).toEqual({ quarantinedCount: 0, isNumberingLost: false, setAsideAs: null });
        expect(stored.map((operation) => operation.opNo)).toEqual(stored.map((_, index) => index + 1));
        for (const [opNo, opId] of acknowledged) expect(stored[opNo - 1]?.opId).toBe(opId);
        const sizes = new Map<string, number>();
        for (const { txn } of stored) if (txn !== null) sizes.set(txn, (sizes.get(txn) ?? 0) + 1);
        const bySize = stored
          .filter((operation) => operation.txn !== null)
          .map((operation) => [Number(operation.recordId.slice(5)), sizes.get(operation.txn ?? '')]);
        for (const [appendNo, size] of bySize) expect(size).toBe(1 + (Number(appendNo) % 5));
        journal.close();
      }
      expect(acknowledged.size).toBeGreaterThan(50);
    },
  );
});
