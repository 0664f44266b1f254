// A process that adds jobs of several steps and runs them, until it is killed. It says what is kept, what it does and what is
// finished, each when it is: `kept N`, `do N.S`, `finished N.S`, `ended N`.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createJobs } from '#main/jobs/jobs.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';

const [, , directory = '', first = '0', most = '0'] = process.argv;
const clock = { now: () => Date.now() };
// Synchronous, so that nothing that was said is still in a buffer when the process dies.
const say = (line: string): void => void writeSync(1, `${line}\n`);
const jobs = createJobs<{ directory: string; jobsKey: Uint8Array }>({
  clock,
  scheduler: {
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  draw: Math.random,
  createId: createIdFactory(clock, { bytes: (length) => randomBytes(length) }),
  onChange: () => undefined,
  log: () => undefined,
});
jobs.define<number>({
  kind: 'steps',
  concurrency: 3,
  retry: { attempts: 3, firstPauseMs: 5, longestPauseMs: 20 },
  async run({ data, step }) {
    for (let number = 1; number <= 4; number += 1) {
      const name = `${String(data)}.${String(number)}`;
      await step(String(number), async () => {
        say(`do ${name}`);
        await new Promise((resolve) => {
          setTimeout(resolve, 1);
        });
      });
      say(`finished ${name}`);
    }
    say(`ended ${String(data)}`);
  },
});
jobs.open({ directory, jobsKey: Buffer.alloc(32, 9) });

for (let number = Number(first); number < Number(most); number += 1) {
  // The last one that was said before the kill comes again: it is the same job.
  await jobs.enqueue({ kind: 'steps', data: number, uniqueKey: String(number), unique: 'kept' });
  say(`kept ${String(number)}`);
}
for (;;) {
  const { kinds } = jobs.overview();
  const left = kinds.reduce((sum, { counts }) => sum + counts.waiting + counts.active + counts.retrying, 0);
  if (left === 0) break;
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}
const states = jobs.list({ limit: 1000 }).map(({ state }) => state);
say(`states ${String(states.length)} ${[...new Set(states)].join(' ')}`);
await jobs.close();
