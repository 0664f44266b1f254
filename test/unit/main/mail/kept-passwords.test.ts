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
