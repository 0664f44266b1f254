// Before the tests: the right Node, a Chromium for the pages, PostgreSQL for the server's second store, a keyring for the
// keys, Prometheus, mail servers, and programs that read what is exported. What is missing is installed where that needs nobody's leave (root on
// Debian), otherwise named with the command that helps.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installChromiumCommand, locateChromium } from '../src/host/locate-chromium.ts';

function isInPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));
}

function hasPostgres(): boolean {
  const base = '/usr/lib/postgresql';
  return (
    isInPath('initdb') ||
    (existsSync(base) && readdirSync(base).some((version) => existsSync(path.join(base, version, 'bin/initdb'))))
  );
}

function hasLibrary(file: string): boolean {
  const folders = ['/usr/lib', '/usr/lib64', '/lib', '/lib64'].filter((folder) => existsSync(folder));
  const below = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
  return [...folders, ...below].some((folder) => existsSync(path.join(folder, file)));
}

interface Need {
  readonly name: string;
  readonly debianPackage: string;
  readonly command: string;
  isThere(): boolean;
}

const keyringNeeds: readonly Need[] = [
  {
    name: 'D-Bus',
    debianPackage: 'dbus',
    command: 'sudo apt-get install -y dbus',
    isThere: () => isInPath('dbus-daemon') && isInPath('dbus-send'),
  },
  {
    name: 'GNOME Keyring',
    debianPackage: 'gnome-keyring',
    command: 'sudo apt-get install -y gnome-keyring',
    isThere: () => isInPath('gnome-keyring-daemon'),
  },
  {
    name: 'libsecret',
    debianPackage: 'libsecret-1-0',
    command: 'sudo apt-get install -y libsecret-1-0',
    isThere: () => hasLibrary('libsecret-1.so.0'),
  },
];

const needs: readonly Need[] = [
  {
    name: 'Chromium',
    debianPackage: 'chromium',
    command: installChromiumCommand,
    isThere: () => locateChromium() !== undefined,
  },
  {
    name: 'PostgreSQL',
    debianPackage: 'postgresql',
    command: 'sudo apt-get install -y postgresql',
    isThere: hasPostgres,
  },
  {
    name: 'LibreOffice Calc',
    debianPackage: 'libreoffice-calc-nogui',
    command: 'sudo apt-get install -y libreoffice-calc-nogui',
    isThere: () => isInPath('soffice'),
  },
  {
    name: 'Dovecot',
    debianPackage: 'dovecot-imapd',
    command: 'sudo apt-get install -y dovecot-imapd',
    isThere: () => existsSync('/usr/sbin/dovecot') && existsSync('/usr/lib/dovecot/imap'),
  },
  {
    name: 'Postfix',
    debianPackage: 'postfix',
    command: 'sudo apt-get install -y postfix',
    isThere: () => existsSync('/usr/sbin/postfix'),
  },
  {
    name: 'Poppler',
    debianPackage: 'poppler-utils',
    command: 'sudo apt-get install -y poppler-utils',
    isThere: () => isInPath('pdftotext') && isInPath('pdftoppm'),
  },
  {
    name: 'OpenSSL',
    debianPackage: 'openssl',
    command: 'sudo apt-get install -y openssl',
    isThere: () => isInPath('openssl'),
  },
  {
    name: 'OpenLDAP server',
    debianPackage: 'slapd',
    command: 'sudo apt-get install -y slapd',
    isThere: () => isInPath('slapd') || existsSync('/usr/sbin/slapd'),
  },
  {
    name: 'Prometheus',
    debianPackage: 'prometheus',
    command: 'sudo apt-get install -y prometheus',
    isThere: () => isInPath('prometheus') && isInPath('promtool'),
  },
  // The keychain of other systems is part of them.
  ...(process.platform === 'linux' ? keyringNeeds : []),
];

function installWithApt(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit', env });
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { stdio: 'inherit', env });
}

function prepare(): number {
  if (!process.version.startsWith('v24.')) {
    console.error(
      `Outpost needs Node 24; this is ${process.version}. Run npm ci, which brings its own, and use the npm scripts.`,
    );
    return 1;
  }
  const findMissing = (): Need[] => needs.filter((need) => !need.isThere());
  const missing = findMissing();
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && canInstall) installWithApt(missing.map((need) => need.debianPackage));
  for (const need of findMissing()) console.error(`${need.name} is missing. Install it with: ${need.command}`);
  return findMissing().length === 0 ? 0 : 1;
}

process.exitCode = prepare();
