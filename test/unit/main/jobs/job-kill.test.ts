import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const program = path.join(import.meta.dirname, '../../../support/run-jobs-until-killed.ts');
/** Of each kind of job at most 200 that are done are kept, but for those with a key that was to be kept. */
const JOBS = 260;

/** One life of the process: until it said so many lines and a moment more, or to its end. */
async function live(
  directory: string,
  first: number,
  killAfter: { readonly lines: number; readonly delayMs: number } | null,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, directory, String(first), String(JOBS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let lines = 0;
  let isKilled = false;
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    lines = said.split('\n').length - 1;
    if (killAfter === null || isKilled || lines < killAfter.lines) return;
    isKilled = true;
    setTimeout(() => child.kill('SIGKILL'), killAfter.delayMs);
  });
  await once(child, 'close');
  return said.split('\n').slice(0, -1);
}

describe('jobs under kill -9', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'outpost-jobs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it(
    'OBS-04 whenever the process is killed, no job that was kept is lost, none is there twice, and no finished step is done again',
    { timeout: 120_000 },
    async () => {
      const random = createSeededRandom(20261127);
      const said: string[] = [];
      const kills: number[] = [];
      for (let life = 0; life < 10; life += 1) {
        const kept = said.filter((line) => line.startsWith('kept ')).map((line) => Number(line.slice(5)));
        // The last one that was said comes again.
        const first = Math.max(0, ...kept);
        const lines = await live(directory, first, {
          lines: random.integer(1, 180),
          delayMs: random.integer(0, 12),
        });
        kills.push(lines.length);
        said.push(...lines);
      }
      const keptSoFar = new Set(said.filter((line) => line.startsWith('kept ')));
      // The kills were in the middle: of adding, of running, with jobs begun and not ended.
      expect(keptSoFar.size).toBeGreaterThan(20);
      expect(said.filter((line) => line.startsWith('do ')).length).toBeGreaterThan(100);
      said.push(...(await live(directory, keptSoFar.size - 1, null)));

      const finished = new Set<string>();
      const repeated: string[] = [];
      for (const line of said) {
        const [word = '', name = ''] = line.split(' ');
        if (word === 'finished') finished.add(name);
        if (word === 'do' && finished.has(name)) repeated.push(name);
      }
      expect(repeated).toEqual([]);
      expect(finished.size).toBe(JOBS * 4);
      const ended = new Set(said.filter((line) => line.startsWith('ended ')));
      expect(ended.size).toBe(JOBS);
      // Every job once, all of them done.
      expect(said.at(-1)).toBe(`states ${String(JOBS)} done`);
    },
  );
});
