// `npm start` beside the app itself: what it says when it cannot start.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

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
