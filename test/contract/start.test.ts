// `npm start` beside the app itself: the server it brings along, and what it says when it cannot start.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../build/start-server.ts';

const createFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'outpost-'));

function runStart(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['build/start.ts', ...args], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...environment },
  });
}

describe('npm start', { timeout: 120_000 }, () => {
  it('START-1 waits until the sync server answers, and leaves nothing listening after stop', async () => {
    const server = await startServer(createFolder());
    const answer = await fetch(server.url);
    expect(answer.status).toBeLessThan(500);
    await server.stop();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('START-1 the server comes back at its address, so that whoever signed in stays signed in; at another one only when it must', async () => {
    const folder = createFolder();
    const first = await startServer(folder);
    await first.stop();
    const second = await startServer(folder);
    expect(second.url).toBe(first.url);
    await second.stop();
    const stranger = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(stranger, 'listening');
    const third = await startServer(folder);
    expect(third.url).not.toBe(first.url);
    expect((await fetch(`${third.url}/api/health`)).status).toBe(200);
    await third.stop();
    stranger.close();
  });

  it('START-2 a second server on the same data is refused with the reason', async () => {
    const folder = createFolder();
    const server = await startServer(folder);
    try {
      await expect(startServer(folder)).rejects.toThrow(/ended before it was ready[\s\S]*in use/);
    } finally {
      await server.stop();
    }
  });

  it('START-3 an unknown host or option is named', () => {
    const host = runStart(['--host=safari']);
    expect([host.status, host.stderr]).toEqual([1, '--host must be electron or chromium, not safari\n']);
    const option = runStart(['--hedless']);
    expect(option.status).toBe(1);
    expect(option.stderr).toContain("Unknown option '--hedless'");
  });

  it.runIf(process.platform === 'linux')('START-4 without a display it says how to start', () => {
    const run = runStart(['--no-server'], { DISPLAY: '', WAYLAND_DISPLAY: '', OUTPOST_HEADLESS: '0' });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('npm start -- --headless');
  });
});
