import { describe, expect, it } from 'vitest';
import { createDoor, type Handlers, type Sender } from '#main/ipc/answer-invoke.ts';
import { channels } from '#shared/ipc/contract.ts';
import { channelNames } from '#shared/ipc/channel-names.ts';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const asked: string[] = [];
const internal: string[] = [];
const handlers = Object.fromEntries(
  channelNames.map((name) => [
    name,
    () => {
      asked.push(name);
      if (name === 'sync.now') throw new Error('a secret detail');
      if (name === 'update.check') throw new OutpostError('server_busy', 'Busy.');
      return name;
    },
  ]),
) as unknown as Handlers;
const door = createDoor({
  handlers,
  allowedOrigins: ['app://outpost'],
  onInternalError: (name) => void internal.push(name),
});
const main: Sender = { role: 'main', url: 'app://outpost/index.html#/home', isTopFrame: true, page: 1 };
const codeOf = async (sender: Sender, name: unknown, input: unknown): Promise<string> => {
  const envelope = await door.answer(sender, name, input);
  return envelope.ok ? 'ok' : envelope.error.code;
};

describe('the door of the main process', () => {
  it('D4 takes parts of a file as bytes of at most one chunk, in order from a window that shows records, and nothing else', async () => {
    const part = { id: 'f1', index: 0, bytes: new Uint8Array(CHUNK_BYTES) };
    expect(await codeOf(main, 'files.append', part)).toBe('ok');
    const strange = [new Uint8Array(CHUNK_BYTES + 1), [1, 2], 'bytes', { length: 3 }, null, new ArrayBuffer(8)];
    for (const bytes of strange) expect(await codeOf(main, 'files.append', { ...part, bytes })).toBe('invalid');
    for (const index of [-1, 0.5, '0']) expect(await codeOf(main, 'files.append', { ...part, index })).toBe('invalid');
    expect(await codeOf({ ...main, role: 'settings' }, 'files.append', part)).toBe('action_forbidden');
    expect(await codeOf({ ...main, role: 'dataHost' }, 'files.read', { id: 'f1', index: 0 })).toBe('action_forbidden');
  });

  it('D4 lets a window of ours ask what its role may ask, and nobody else', async () => {
    asked.length = 0;
    expect(await codeOf(main, 'session.get', {})).toBe('ok');
    const strangers: Sender[] = [
      { ...main, isTopFrame: false },
      { ...main, role: null },
      { ...main, url: 'https://outpost/index.html' },
      { ...main, url: 'app://outpost.evil/index.html' },
      { ...main, url: 'app://outpost:80/' },
      { ...main, url: 'data:text/html,x' },
      { ...main, url: '' },
    ];
    for (const stranger of strangers)
      expect([stranger.url, await codeOf(stranger, 'session.get', {})]).toEqual([stranger.url, 'action_forbidden']);
    expect(asked).toEqual(['session.get']);
  });

  it('D4 keeps every channel to the roles the contract names', async () => {
    for (const name of channelNames) {
      for (const role of ['main', 'settings', 'doctor', 'operations', 'dataHost'] as const) {
        const code = await codeOf({ ...main, role }, name, { unexpected: 1 });
        expect([name, role, code === 'action_forbidden']).toEqual([name, role, !channels[name].roles.includes(role)]);
      }
    }
    expect(await codeOf(main, 'journal.append', { ops: [] })).toBe('action_forbidden');
    expect(await codeOf({ ...main, role: 'dataHost' }, 'session.signOut', { unsent: 'discard' })).toBe(
      'action_forbidden',
    );
  });

  it('D4 refuses unknown channels and malformed input without running anything', async () => {
    asked.length = 0;
    for (const name of ['nope', '__proto__', 'constructor', 'toString', 7, null, undefined, {}])
      expect(await codeOf(main, name, {})).toBe('not_found');
    const malformed: readonly (readonly [string, unknown])[] = [
      ['sync.workOffline', { on: 'yes' }],
      ['sync.workOffline', null],
      ['session.get', { extra: 1 }],
      ['session.signIn', { serverUrl: 'x', email: 'x'.repeat(300), password: 'x' }],
      ['shell.openExternal', { url: 'x'.repeat(1_000_000) }],
      ['preferences.set', { theme: 'loud' }],
      ['attention.discard', { id: { toString: 1 } }],
    ];
    for (const [name, input] of malformed) expect([name, await codeOf(main, name, input)]).toEqual([name, 'invalid']);
    expect(asked).toEqual([]);
  });

  it('D4 answers errors as data and reports those that nobody planned', async () => {
    internal.length = 0;
    expect(await codeOf(main, 'update.check', {})).toBe('server_busy');
    expect(internal).toEqual([]);
    expect(await codeOf(main, 'sync.now', {})).toBe('internal');
    expect(internal).toEqual(['sync.now']);
  });
});
