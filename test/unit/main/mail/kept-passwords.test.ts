// Passwords that are kept go to the servers they were entered for, whatever a window asks.
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accountAt, createMailPlace, startMail, type MailPlace, type MailWorld } from '#test/support/mail-world.ts';

let place: MailPlace;
let world: MailWorld;
let elsewhere: Server;
let visits = 0;

beforeEach(async () => {
  visits = 0;
  elsewhere = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  place = createMailPlace();
  world = startMail(place);
});
afterEach(async () => {
  await world.stop();
  place.remove();
  elsewhere.close();
});

it('C6 D4 a kept password is given to no other server, user or way of signing in without being entered again', async () => {
  const id = await world.engine.save({ id: null, account: accountAt(9, 9), password: 'a pass word' });
  const { port } = elsewhere.address() as AddressInfo;
  const others = [
    accountAt(port, 9),
    accountAt(9, port),
    accountAt(9, 9, { user: 'bob' }),
    accountAt(9, 9, { imap: { host: 'localhost', port: 9, security: 'none' } }),
    accountAt(9, 9, { auth: 'oauth' }),
  ];
  for (const account of others) {
    const input = { id, account, password: null };
    await expect(world.engine.tryAccount(input)).rejects.toMatchObject({ code: 'invalid' });
    await expect(world.engine.save(input)).rejects.toMatchObject({ code: 'invalid' });
  }
  expect(visits).toBe(0);
  expect(world.state().accounts[0]).toMatchObject({ imap: { port: 9 }, smtp: { port: 9 }, user: 'ada' });
  // What does not change where it goes needs none.
  const renamed = accountAt(9, 9, { name: 'Ada L.', signature: 'Bye', visibility: 'participants' });
  expect(await world.engine.save({ id, account: renamed, password: null })).toBe(id);
  expect(await world.engine.save({ id, account: accountAt(port, 9), password: 'another' })).toBe(id);
});

it('C6 D4 the secret of a registration is never told to windows, and is given to no other provider than the one it was entered for', async () => {
  const registration = {
    clientId: 'outpost',
    clientSecret: 'kept in main',
    authorizeUrl: 'https://provider.example/authorize',
    tokenUrl: 'https://provider.example/token',
    scope: 'mail',
  };
  const id = await world.engine.save({
    id: null,
    account: accountAt(9, 9, { auth: 'oauth', oauth: registration }),
    password: null,
  });
  expect(JSON.stringify(world.state())).not.toContain('kept in main');
  expect(world.state().accounts[0]?.oauth).toMatchObject({ clientId: 'outpost', hasSecret: true });
  const asked = (oauth: object) => ({
    id,
    account: { ...accountAt(9, 9, { auth: 'oauth' }), oauth: { ...registration, clientSecret: null, ...oauth } },
    password: null,
  });
  const elsewhereAt = { tokenUrl: 'https://elsewhere.example/token' };
  for (const call of ['save', 'signIn', 'tryAccount'] as const)
    await expect(world.engine[call](asked(elsewhereAt))).rejects.toMatchObject({ code: 'invalid' });
  await expect(world.engine.save({ ...asked({}), id: null })).rejects.toMatchObject({ code: 'invalid' });
  // It stays with what is changed beside it, over a restart, too.
  await world.engine.save(asked({ scope: 'mail offline' }));
  await world.stop();
  const { createSealer } = await import('#main/journal/seal.ts');
  const { openKeptAccounts } = await import('#main/mail/kept-accounts.ts');
  const kept = openKeptAccounts(place.directory, createSealer(place.key, 'mailbox')).all();
  expect(kept.map(({ oauth }) => [oauth?.clientSecret, oauth?.scope])).toEqual([['kept in main', 'mail offline']]);
  world = startMail(place);
});

it('D4 the id of an account from a window leads to no other place on the disk', async () => {
  for (const id of ['../../elsewhere', 'a/b', '', '..', 'a\u0000b'])
    await expect(world.engine.save({ id, account: accountAt(9, 9), password: 'a pass word' })).rejects.toMatchObject({
      code: 'invalid',
    });
  expect(world.state().accounts).toEqual([]);
});
