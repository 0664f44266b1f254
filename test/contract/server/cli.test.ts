import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '#server/cli-arguments.ts';
import { call, spawnServer } from '#test/support/start-server.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'outpost-cli-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('command line', () => {
  it('CLI-01 refuses what it does not understand and says what to write instead', () => {
    const messageOf = (...argv: string[]) => {
      try {
        readArguments(argv);
      } catch (error) {
        if (error instanceof UsageError) return error.message;
        throw error;
      }
      return 'accepted';
    };
    expect(messageOf()).toContain('--data DIR');
    expect(messageOf('--data', 'd', '--database-url', 'postgres://x')).toContain('not both');
    expect(messageOf('--database-url', 'mysql://x')).toContain('postgres://');
    for (const port of ['65536', '-1', 'http', '1e3', ''])
      expect([port, messageOf('--data', 'd', `--port=${port}`)]).not.toContain('accepted');
    expect(messageOf('--data', 'd', '--log-level', 'loud')).toContain('trace');
    expect(messageOf('--data', 'd', '--nonsense')).toContain('nonsense');
    expect(messageOf('start', '--data', 'd')).toContain('"start" is not a command');
    expect(messageOf('admin', 'create-tenant', '--data', 'd', '--name', 'N')).toContain('--admin-email');
    expect(messageOf('--data', 'd', '--port', '0')).toBe('accepted');
  });

  it('CLI-01 ends with 2 and the usage on standard error', async () => {
    const server = spawnServer(['--port', '0']);
    expect(await server.ended()).toBe(2);
    expect(server.output.stdout).toBe('');
    expect(server.output.stderr).toContain('--data DIR');
  }, 30_000);

  it('CLI-02 SYNC-14 prints one line when it answers, refuses a second opener by name, stops on SIGTERM', async () => {
    const first = spawnServer(['--port', '0', '--data', dataDir]);
    const url = await first.listening();
    expect((await call({ url }, '/api/health')).status).toBe(200);
    const port = new URL(url).port;

    const second = spawnServer(['--port', '0', '--data', dataDir]);
    expect(await second.ended()).toBe(3);
    expect(second.output.stderr).toContain(`process ${first.child.pid}`);

    const otherDir = join(dataDir, 'other');
    const third = spawnServer(['--port', port, '--data', otherDir]);
    expect(await third.ended()).toBe(4);
    expect(third.output.stderr).toContain('port is in use');

    first.child.kill('SIGTERM');
    expect(await first.ended()).toBe(0);
    expect(first.output.stdout).toBe(`{"listening":"${url}"}\n`);

    const again = spawnServer(['--port', '0', '--data', dataDir]);
    await again.listening();
    again.child.kill('SIGINT');
    expect(await again.ended()).toBe(0);
  }, 120_000);

  it('CLI-02 ends with 1 when its database thread has ended, so that whoever watches over it starts it again', async () => {
    const endThread = `import { subscribe } from 'node:diagnostics_channel';
      subscribe('worker_threads', ({ worker }) => process.once('SIGUSR2', () => worker.terminate()));`;
    const server = spawnServer(
      ['--port', '0', '--data', dataDir],
      ['--import', `data:text/javascript,${encodeURIComponent(endThread)}`],
    );
    await server.listening();
    server.child.kill('SIGUSR2');
    expect(await server.ended()).toBe(1);
    expect(server.output.stderr).toContain('OutpostError');
  }, 60_000);
});
