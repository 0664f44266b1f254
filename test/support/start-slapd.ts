// A real directory: OpenLDAP's slapd of this machine, with data in a folder of its own, over LDAP with StartTLS and over LDAPS.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, makeServerCertificate } from '#test/support/make-certificate.ts';

export const directoryBase = 'dc=example,dc=test';
export const directoryAdmin = { dn: `cn=admin,${directoryBase}`, password: 'the secret of the directory' } as const;

export interface TestDirectory {
  readonly port: number;
  readonly tlsPort: number;
  /** Certificate of the authority that vouches for it. */
  readonly authority: string;
  stop(): Promise<void>;
}

function findSlapd(): string {
  const found = ['/usr/sbin/slapd', '/usr/lib/openldap/slapd', '/usr/libexec/slapd', '/usr/local/libexec/slapd'].find(
    (path) => existsSync(path),
  );
  if (found === undefined) throw new Error('slapd is missing: run node build/prepare.ts.');
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** `ldif`: entries below the base, which is there already. */
export async function startSlapd(ldif: string): Promise<TestDirectory> {
  const slapd = findSlapd();
  const folder = mkdtempSync(join(tmpdir(), 'outpost-slapd-'));
  mkdirSync(join(folder, 'data'));
  const authority = makeCertificate('Authority of the test');
  const own = makeServerCertificate(['IP:127.0.0.1', 'DNS:ldap.example.test'], authority);
  for (const [name, text] of [
    ['ca.pem', authority.certificate],
    ['cert.pem', own.certificate],
    ['key.pem', own.key],
    ['data.ldif', ldif],
  ] as const)
    writeFileSync(join(folder, name), text);
  const modules = ['/usr/lib/ldap', '/usr/lib/openldap'].find((path) => existsSync(join(path, 'back_mdb.so')));
  const schemas = ['/etc/ldap/schema', '/etc/openldap/schema'].find((path) => existsSync(path)) ?? '';
  const configuration = [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${schemas}/${name}.schema`),
    ...(modules === undefined ? [] : [`modulepath ${modules}`, 'moduleload back_mdb']),
    `pidfile ${join(folder, 'slapd.pid')}`,
    `TLSCACertificateFile ${join(folder, 'ca.pem')}`,
    `TLSCertificateFile ${join(folder, 'cert.pem')}`,
    `TLSCertificateKeyFile ${join(folder, 'key.pem')}`,
    'database mdb',
    `suffix "${directoryBase}"`,
    `rootdn "${directoryAdmin.dn}"`,
    `rootpw "${directoryAdmin.password}"`,
    `directory ${join(folder, 'data')}`,
    // As directories of companies are: nobody reads without a name, whoever has one reads all but passwords.
    'access to attrs=userPassword by anonymous auth by * none',
    'access to * by users read by * none',
    '',
  ].join('\n');
  const file = join(folder, 'slapd.conf');
  writeFileSync(file, configuration);
  execFileSync(slapd, ['-T', 'add', '-f', file, '-l', join(folder, 'data.ldif')], { stdio: 'pipe' });
  const [port, tlsPort] = [await freePort(), await freePort()];
  const urls = `ldap://127.0.0.1:${String(port)}/ ldaps://127.0.0.1:${String(tlsPort)}/`;
  const running = spawn(slapd, ['-f', file, '-h', urls, '-d', '0'], { stdio: 'ignore' });
  const ended = once(running, 'exit');
  await Promise.race([
    untilListening(port).then(() => untilListening(tlsPort)),
    ended.then(() => {
      throw new Error('slapd ended before it listened');
    }),
  ]);
  return {
    port,
    tlsPort,
    authority: authority.certificate,
    async stop() {
      running.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((settle) => {
      socket.once('connect', () => settle(true));
      socket.once('error', () => settle(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
