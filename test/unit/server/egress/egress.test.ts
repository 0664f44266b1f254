import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AllowRuleError, isPublicAddress, readAllowRules } from '#server/egress/address-rules.ts';
import { createEgress, MOST_ANSWER_BYTES } from '#server/egress/egress.ts';

describe('C6 addresses', () => {
  it('C6 everything that is not the public network is closed, however it is written', () => {
    const inside = [
      '127.0.0.1',
      '127.8.8.8',
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '192.0.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fd00:ec2::254',
      'fe80::1',
      'ff02::1',
      '2001::1',
      '2002:7f00:1::',
      '2001:db8::1',
      'localhost',
      '',
    ];
    for (const address of inside) expect(isPublicAddress(address), address).toBe(false);
    for (const address of ['8.8.8.8', '172.32.0.1', '2a00:1450:4001::1', '2606:4700::1111'])
      expect(isPublicAddress(address), address).toBe(true);
  });

  it('C6 a name, an octal, a decimal or a name with a dot at its end is judged by what it stands for', async () => {
    const egress = createEgress([], async () => ['127.0.0.1']);
    for (const host of ['localhost', 'localhost.', 'rebind.example.com', '2130706433', '0177.0.0.1', '0x7f.1'])
      await expect(egress.check(host, 443), host).rejects.toMatchObject({ code: 'address_forbidden' });
    for (const url of ['https://2130706433/', 'https://0177.0.0.1/', 'https://[::ffff:7f00:1]/', 'https://[::1]/'])
      await expect(egress.fetch(url), url).rejects.toMatchObject({ code: 'address_forbidden' });
  });

  it('C6 one bad address among good ones closes the name, and so does a port that is not usual', async () => {
    const mixed = createEgress([], async () => ['8.8.8.8', '10.0.0.1']);
    await expect(mixed.check('idp.example.com', 443)).rejects.toMatchObject({ code: 'address_forbidden' });
    const open = createEgress([], async () => ['8.8.8.8']);
    expect(await open.check('idp.example.com', 443)).toEqual({ address: '8.8.8.8', isAllowed: false });
    for (const port of [22, 25, 6379, 8443])
      await expect(open.check('idp.example.com', port)).rejects.toMatchObject({ code: 'address_forbidden' });
  });

  it('C6 other protocols, and names with a password, are refused', async () => {
    const egress = createEgress(readAllowRules('127.0.0.1'), async () => ['127.0.0.1']);
    for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'ftp://127.0.0.1/', 'http://a:b@127.0.0.1/'])
      await expect(egress.fetch(url), url).rejects.toMatchObject({ code: 'address_forbidden' });
    const open = createEgress([], async () => ['8.8.8.8']);
    await expect(open.fetch('http://idp.example.com/')).rejects.toMatchObject({ code: 'address_forbidden' });
  });

  it('C6 the operator allows a host, a port of it or a network, and nothing else with it', async () => {
    const resolve = async (host: string) => [host === 'ldap.corp' ? '10.1.0.7' : '10.9.0.1'];
    const egress = createEgress(readAllowRules('ldap.corp:389, 10.9.0.0/16'), resolve);
    expect(await egress.check('LDAP.corp.', 389)).toEqual({ address: '10.1.0.7', isAllowed: true });
    await expect(egress.check('ldap.corp', 22)).rejects.toMatchObject({ code: 'address_forbidden' });
    expect(await egress.check('anything', 8443)).toMatchObject({ isAllowed: true });
    await expect(egress.check('10.1.0.7', 389)).rejects.toMatchObject({ code: 'address_forbidden' });
    for (const wrong of ['a b', 'host:99999', '10.0.0.0/33', 'https://host'])
      expect(() => readAllowRules(wrong), wrong).toThrow(AllowRuleError);
  });
});

describe('C6 exchanges', () => {
  let port: number;
  const server = http.createServer((request, response) => {
    if (request.url === '/move') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    else if (request.url === '/large') response.end(Buffer.alloc(MOST_ANSWER_BYTES + 1));
    else response.end(`${request.headers.host ?? ''} ${request.method ?? ''}`);
  });
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it('C6 the connection goes to the address that was judged, asked for once', async () => {
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return [asked.length === 1 ? '127.0.0.1' : '10.0.0.1'];
    };
    const egress = createEgress(readAllowRules('idp.test'), resolve);
    const answer = await egress.fetch(`http://idp.test:${String(port)}/`, { method: 'POST', body: 'x' });
    expect(await answer.text()).toBe(`idp.test:${String(port)} POST`);
    expect(asked).toEqual(['idp.test']);
  });

  it('C6 a redirect is an answer and not followed, and a large answer is cut', async () => {
    const egress = createEgress(readAllowRules('127.0.0.1'));
    expect((await egress.fetch(`http://127.0.0.1:${String(port)}/move`)).status).toBe(302);
    await expect(egress.fetch(`http://127.0.0.1:${String(port)}/large`)).rejects.toMatchObject({
      code: 'provider_failed',
    });
  });
});
