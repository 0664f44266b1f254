// Where this computer connects to for mail, providers and pictures that somebody named.
import { describe, expect, it } from 'vitest';
import { fetchPictures } from '#main/mail/fetch-pictures.ts';
import { connectImap, reachServer, smtpOptions, type Connector } from '#main/mail/connect.ts';
import { askChecked, reachHost } from '#main/mail/reach-host.ts';
import { accountAt } from '#test/support/mail-world.ts';

const to =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses);
const isForbidden = { code: 'address_forbidden' };
const inside = [
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '224.0.0.1',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  '2002:7f00:1::',
];

describe('the way out of this computer for mail', () => {
  it('C6 nothing but the public network is reached, by whatever name, and one bad address closes a name', async () => {
    for (const address of inside) {
      await expect(reachHost(address, { isOwnNetwork: false }), address).rejects.toMatchObject(isForbidden);
      const named = { isOwnNetwork: false, resolve: to(address) };
      await expect(reachHost('mail.example.com.', named), address).rejects.toMatchObject(isForbidden);
    }
    const mixed = { isOwnNetwork: false, resolve: to('8.8.8.8', '10.0.0.1') };
    await expect(reachHost('mail.example.com', mixed)).rejects.toMatchObject(isForbidden);
    expect(await reachHost('MAIL.example.com.', { isOwnNetwork: false, resolve: to('8.8.8.8') })).toBe('8.8.8.8');
  });

  it('C6 an address is written one way: no numbers, no user, no path, no port', async () => {
    const open = { isOwnNetwork: true, resolve: to('8.8.8.8') };
    for (const host of [
      '2130706433',
      '0177.0.0.1',
      '0x7f.1',
      '127.1',
      'a@b.example',
      'a.example/x',
      'a.example:25',
      '',
    ])
      await expect(reachHost(host, open), host).rejects.toMatchObject(isForbidden);
  });

  it('C6 the own network is reached for an account that says so, the metadata services of clouds never', async () => {
    for (const address of ['127.0.0.1', '10.1.2.3', '192.168.1.1', 'fc00::1', '::1'])
      expect(await reachHost(address, { isOwnNetwork: true })).toBe(address);
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '0.0.0.0', '::ffff:169.254.169.254'])
      await expect(reachHost(address, { isOwnNetwork: true }), address).rejects.toMatchObject(isForbidden);
  });

  it('C6 IMAP and SMTP connect to the address that was judged, and no password is asked for before', async () => {
    let asked = 0;
    const connector: Connector = {
      resolve: to('10.0.0.1'),
      credential: () => {
        asked += 1;
        return Promise.resolve({ password: 'secret' });
      },
    };
    const server = { host: 'mail.example.com', port: 993, security: 'tls' } as const;
    const account = { ...accountAt(9, 9), id: 'a', imap: server, smtp: server, isOwnNetwork: false };
    await expect(connectImap(account, connector)).rejects.toMatchObject(isForbidden);
    await expect(smtpOptions(account, connector)).rejects.toMatchObject(isForbidden);
    expect(asked).toBe(0);
    const open = { ...connector, resolve: to('8.8.8.8') };
    expect(await smtpOptions(account, open)).toMatchObject({
      host: '8.8.8.8',
      secure: true,
      tls: { servername: 'mail.example.com' },
    });
    // In the clear to this computer alone.
    const plain = { ...server, security: 'none' } as const;
    await expect(reachServer(plain, { isOwnNetwork: true }, to('192.168.1.1'))).rejects.toMatchObject(isForbidden);
    expect(await reachServer(plain, { isOwnNetwork: true }, to('127.0.0.1'))).toMatchObject({ address: '127.0.0.1' });
  });

  it('C6 C8 pictures come by https from the public network on its usual port, without a name or a password', async () => {
    const request = { isOwnNetwork: false, mostBytes: 10, limitMs: 1000, resolve: to('127.0.0.1') };
    for (const url of [
      'http://a.example/p.png',
      'file:///etc/passwd',
      'gopher://a.example/',
      'https://u:p@a.example/',
      'https://a.example/p.png',
      'https://127.0.0.1/',
      'https://[::ffff:7f00:1]/',
      'https://0x7f.1/',
    ])
      await expect(askChecked(url, request), url).rejects.toMatchObject(isForbidden);
    const open = { ...request, resolve: to('8.8.8.8') };
    await expect(askChecked('https://a.example:22/', open)).rejects.toMatchObject(isForbidden);
  });

  it('C8 what is no picture by its first bytes is none, and nothing follows a redirect', async () => {
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
    const answers: Readonly<Record<string, { status: number; bytes: Buffer }>> = {
      'https://a.example/1': { status: 200, bytes: png },
      'https://a.example/2': { status: 200, bytes: Buffer.from('<svg onload="alert(1)">') },
      'https://a.example/3': { status: 302, bytes: png },
    };
    const found = await fetchPictures([...Object.keys(answers), 'https://a.example/4'], (url) => {
      const answer = answers[url];
      if (answer === undefined) return Promise.reject(new Error('gone'));
      return Promise.resolve({ ...answer, mediaType: 'image/png' });
    });
    const shown = Object.fromEntries(found.map(({ url, dataUrl }) => [url.slice(-1), dataUrl?.slice(0, 15) ?? null]));
    expect(shown).toEqual({ 1: 'data:image/png;', 2: null, 3: null, 4: null });
  });
});
