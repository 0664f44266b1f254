import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

test('SYNC-4 SYNC-17 the demo plays by itself: nothing is lost, nothing applied twice, both devices agree', async () => {
  const child = spawn(process.execPath, ['test/demo/run.ts', '--headless'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code, output).toBe(0);
  expect(output).toContain(' 0 not as told');
});
