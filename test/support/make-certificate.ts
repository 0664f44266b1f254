// Certificates for tests, made by OpenSSL: of an authority, and of a server it vouches for.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  readonly key: string;
  readonly certificate: string;
}

function inFolder<Value>(work: (run: (...args: readonly string[]) => void, folder: string) => Value): Value {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-certificate-'));
  try {
    return work((...args) => execFileSync('openssl', [...args], { cwd: folder, stdio: 'pipe' }), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Signed by itself. */
export function makeCertificate(name: string): TestCertificate {
  return inFolder((run, folder) => {
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
    );
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    return { key: read('key.pem'), certificate: read('cert.pem') };
  });
}

/** For hosts (`DNS:localhost`, `IP:127.0.0.1`), signed by `authority`. */
export function makeServerCertificate(hosts: readonly string[], authority: TestCertificate): TestCertificate {
  return inFolder((run, folder) => {
    writeFileSync(join(folder, 'ca.pem'), authority.certificate);
    writeFileSync(join(folder, 'ca.key'), authority.key);
    writeFileSync(join(folder, 'names'), `subjectAltName=${hosts.join(',')}\n`);
    run('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=server', '-keyout', 'key.pem', '-out', 'request.pem');
    run(
      'x509',
      '-req',
      '-in',
      'request.pem',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
      '-out',
      'cert.pem',
    );
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    return { key: read('key.pem'), certificate: read('cert.pem') };
  });
}
