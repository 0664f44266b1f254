import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '#main/journal/journal.ts';
import { openProfiles } from '#main/profile/profiles.ts';
import { openVault } from '#main/secrets/vault.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const program = path.join(import.meta.dirname, '../../../support/rewrite-until-killed.ts');
const passphrase = 'correct horse battery';
const key = Buffer.alloc(32, 7);

/** Runs the program until it said `rounds` rounds, then SIGKILL at some instant after. Answers the rounds it said. */
async function rewriteAndKill(directory: string, rounds: number, delayMs: number): Promise<readonly number[]> {
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.split('\n').length > rounds) resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return said.split('\n').slice(0, -1).map(Number);
}

describe('sealed files under kill -9', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'outpost-rewrite-'));
    mkdirSync(path.join(directory, 'profiles/p1'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it(
    'D11 the vault, who is signed in and a journal that forgets open as they were or as they were going to be, never as neither',
    { timeout: 120_000 },
    async () => {
      const first = await openVault(path.join(directory, 'secrets.vault'), passphrase);
      await first.set('profile-key:p1', 'the key that must never be lost');
      const random = createSeededRandom(20261126);
      const all = new Set<number>();
      const clock = { now: () => Date.now() };
      for (let kill = 0; kill < 6; kill += 1) {
        const said = await rewriteAndKill(directory, random.integer(1, 20), random.integer(0, 15));
        for (const round of said) all.add(round);
        const last = said.at(-1) ?? 0;
        const vault = await openVault(path.join(directory, 'secrets.vault'), passphrase);
        expect(await vault.get('profile-key:p1')).toBe('the key that must never be lost');
        expect([last, last + 1]).toContain(Number(await vault.get('refresh-token:p1')));
        const state = openProfiles(directory).readState('p1', key);
        expect([last, last + 1]).toContain(state?.actor.epoch);
        const journal = openJournal({
          path: path.join(directory, 'profiles/p1/journal.sqlite'),
          key,
          deviceId: 'd1',
          clock,
          createId: () => 'unused',
        });
        expect(journal.damage).toEqual({ quarantinedCount: 0, isNumberingLost: false, setAsideAs: null });
        const pending = new Map(journal.pending().map((operation) => [Number(operation.recordId.slice(5)), operation]));
        expect(pending.size).toBe(journal.pending().length);
        // Of the round under way it is there or not, forgotten or not; of all that were said it is there and forgotten.
        for (const [round, { changes }] of pending) expect(changes[0]?.to).toEqual({ name: `typed ${String(round)}` });
        for (const round of all) expect(pending.get(round)?.changes[0]?.base).toEqual({});
        journal.close();
      }
    },
  );
});
