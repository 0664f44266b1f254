// The keychain of the operating system, live: main's own store in programs of their own, before a real keyring.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withoutKeychain } from '#test/support/device.ts';
import { startKeyring, type Keyring } from '#test/support/keyring.ts';
import type { KeychainAnswer, KeychainQuestion } from '#test/support/use-keychain.ts';

interface Program {
  readonly chosen: { readonly backend: string | null; readonly reasons: readonly string[] };
  ask(question: KeychainQuestion): Promise<KeychainAnswer>;
  end(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Starts the program as another start of the application would be. `installation` is its data directory. */
async function startProgram(
  env: Readonly<Record<string, string>>,
  installation = '/home/ada/outpost',
): Promise<Program> {
  const child = spawn(process.execPath, ['test/support/use-keychain.ts', installation], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  running.add(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <Line>(): Promise<Line> => {
    const { value } = await lines.next();
    if (typeof value !== 'string') throw new Error('the program ended');
    return JSON.parse(value) as Line;
  };
  return {
    chosen: await read(),
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return read();
    },
    async end() {
      running.delete(child);
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/** What the keyring holds for Outpost, asked past our own store. */
function listSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  const script = `import keytar from '@github/keytar';
    console.log(JSON.stringify((await keytar.findCredentials('Outpost')).map(({ account }) => account)));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as readonly string[];
}

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

describe.runIf(process.platform === 'linux')('a live keyring', () => {
  let keyring: Keyring;
  beforeAll(async () => {
    keyring = await startKeyring({ isUnlocked: true });
  });
  afterAll(() => keyring.stop());

  it('D10 is chosen first, and proving itself leaves nothing in it', async () => {
    const program = await startProgram(keyring.env);
    expect(program.chosen).toEqual({ backend: 'keychain', reasons: [] });
    expect(listSecrets(keyring.env)).toEqual([]);
    await program.end();
  });

  it('D10 keeps a secret over starts, for this installation alone, until it is deleted', async () => {
    const name = 'refresh-token:p1';
    const value = 'ütf-8 ✓ and '.repeat(200);
    const first = await startProgram(keyring.env);
    expect(await first.ask({ ask: 'get', name })).toEqual({ value: null });
    await first.ask({ ask: 'set', name, value: 'the one before' });
    expect(await first.ask({ ask: 'set', name, value })).toEqual({ value: null });
    await first.end();
    const second = await startProgram(keyring.env);
    expect(await second.ask({ ask: 'get', name })).toEqual({ value });
    const other = await startProgram(keyring.env, '/home/ada/another');
    expect(await other.ask({ ask: 'get', name })).toEqual({ value: null });
    await other.ask({ ask: 'delete', name });
    expect(await second.ask({ ask: 'get', name })).toEqual({ value });
    expect(listSecrets(keyring.env)).toEqual([`/home/ada/outpost/${name}`]);
    expect(await second.ask({ ask: 'delete', name })).toEqual({ value: null });
    expect(await second.ask({ ask: 'delete', name })).toEqual({ value: null });
    expect(await second.ask({ ask: 'get', name })).toEqual({ value: null });
    expect(listSecrets(keyring.env)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a keyring that does not answer', () => {
  it('D10 is passed over with the reason, where there is no session bus', async () => {
    const { chosen } = await startProgram(withoutKeychain);
    expect(chosen.backend).toBeNull();
    expect(chosen.reasons).toEqual([expect.stringMatching(/^keychain: .*Could not connect/)]);
  });

  it('D10 is passed over with the reason, where it is locked and nobody can unlock it', async () => {
    const keyring = await startKeyring({ isUnlocked: false });
    try {
      const { chosen } = await startProgram(keyring.env);
      expect(chosen.backend).toBeNull();
      expect(chosen.reasons).toEqual([expect.stringMatching(/^keychain: .+/)]);
    } finally {
      await keyring.stop();
    }
  });

  it('D10 because it was locked meanwhile is told as such, although it says itself that there is nothing', async () => {
    const keyring = await startKeyring({ isUnlocked: true });
    try {
      const name = 'profile-key:p1';
      const program = await startProgram(keyring.env);
      await program.ask({ ask: 'set', name, value: 'k' });
      keyring.lock();
      for (const ask of ['get', 'delete'] as const)
        expect(await program.ask({ ask, name })).toMatchObject({ error: { code: 'keychain_unavailable' } });
      expect((await startProgram(keyring.env)).chosen.backend).toBeNull();
      await keyring.unlock();
      const again = await startProgram(keyring.env);
      expect(await again.ask({ ask: 'get', name })).toEqual({ value: 'k' });
    } finally {
      await keyring.stop();
    }
  });

  it('D10 any more is told as such, and is no empty keychain', async () => {
    const keyring = await startKeyring({ isUnlocked: true });
    try {
      const program = await startProgram(keyring.env);
      await program.ask({ ask: 'set', name: 'profile-key:p1', value: 'k' });
      await keyring.endDaemon();
      for (const question of [
        { ask: 'get', name: 'profile-key:p1' },
        { ask: 'set', name: 'profile-key:p1', value: 'other' },
        { ask: 'delete', name: 'profile-key:p1' },
      ] as const)
        expect(await program.ask(question)).toMatchObject({ error: { code: 'keychain_unavailable' } });
    } finally {
      await keyring.stop();
    }
  });
});
