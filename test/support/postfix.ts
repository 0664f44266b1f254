// A real Postfix of its own: own configuration, queue and processes in a temporary directory, on a free port of this computer.
// It delivers into the mailboxes of a Dovecot of the same test, or keeps what it takes in its queue. Nothing of the system is
// touched, and nothing is left.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, untilListening } from '#test/support/free-port.ts';

export interface Postfix {
  readonly port: number;
  /** What stands in its log. */
  log(): string;
  stop(): void;
}

export interface PostfixOptions {
  /** Where mail for these addresses is put: files of a Maildir below it. */
  readonly mailboxes: string;
  /** Local names, each also an address at `example.test`. */
  readonly users: readonly string[];
  readonly messageSizeLimit?: number;
  /** Local names it takes mail for and then sends it back: their owner left. */
  readonly gone?: readonly string[];
}

export async function startPostfix({
  mailboxes,
  users,
  messageSizeLimit = 60_000_000,
  gone = [],
}: PostfixOptions): Promise<Postfix> {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-postfix-'));
  chmodSync(directory, 0o755);
  for (const name of ['conf', 'spool', 'data', 'log']) mkdirSync(path.join(directory, name));
  spawnSync('chown', ['postfix', path.join(directory, 'data')]);
  const port = await freePort();
  const nobody = spawnSync('id', ['-u', 'nobody']).stdout.toString().trim();
  const conf = path.join(directory, 'conf');
  writeFileSync(path.join(conf, 'boxes'), users.map((user) => `${user}@example.test ${user}/\n`).join(''));
  writeFileSync(path.join(conf, 'gone'), gone.map((user) => `${user}@example.test ${user}@gone.invalid\n`).join(''));
  const elsewhere = gone.length === 0 ? 'nothing leaves this computer' : '5.1.1 User unknown';
  writeFileSync(
    path.join(conf, 'main.cf'),
    `compatibility_level = 3.6
queue_directory = ${directory}/spool
data_directory = ${directory}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${directory}/log/mail.log
maillog_file_prefixes = ${directory}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.test
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit
default_transport = error:${elsewhere}
relay_transport = error:${elsewhere}
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${mailboxes}
virtual_mailbox_maps = texthash:${conf}/boxes
virtual_uid_maps = static:${nobody}
virtual_gid_maps = static:${spawnSync('id', ['-g', 'nobody']).stdout.toString().trim()}
virtual_mailbox_limit = 0
virtual_minimum_uid = 1
mailbox_size_limit = 0
message_size_limit = ${String(messageSizeLimit)}
smtputf8_enable = yes
smtpd_peername_lookup = no
alias_maps =
virtual_alias_maps = texthash:${conf}/gone
local_recipient_maps =
`,
  );
  const service = (name: string, type: string, priv: string, wake: string, max: string, command: string) =>
    `${name} ${type} ${priv} ${command === 'virtual' ? 'n' : '-'} n ${wake} ${max} ${command}\n`;
  writeFileSync(
    path.join(conf, 'master.cf'),
    service(`127.0.0.1:${String(port)}`, 'inet', 'n', '-', '-', 'smtpd') +
      service('pickup', 'unix', 'n', '60', '1', 'pickup') +
      service('cleanup', 'unix', 'n', '-', '0', 'cleanup') +
      service('qmgr', 'unix', 'n', '300', '1', 'qmgr') +
      service('rewrite', 'unix', '-', '-', '-', 'trivial-rewrite') +
      service('bounce', 'unix', '-', '-', '0', 'bounce') +
      service('defer', 'unix', '-', '-', '0', 'bounce') +
      service('trace', 'unix', '-', '-', '0', 'bounce') +
      service('verify', 'unix', '-', '-', '1', 'verify') +
      service('error', 'unix', '-', '-', '-', 'error') +
      service('retry', 'unix', '-', '-', '-', 'error') +
      service('discard', 'unix', '-', '-', '-', 'discard') +
      service('virtual', 'unix', '-', '-', '-', 'virtual') +
      service('anvil', 'unix', '-', '-', '1', 'anvil') +
      service('scache', 'unix', '-', '-', '1', 'scache') +
      service('flush', 'unix', 'n', '1000?', '0', 'flush') +
      service('proxymap', 'unix', '-', '-', '-', 'proxymap') +
      service('postlog', 'unix-dgram', 'n', '-', '1', 'postlogd'),
  );
  const postfix = (command: string) => spawnSync('/usr/sbin/postfix', ['-c', conf, command], { encoding: 'utf8' });
  const log = (): string =>
    readdirSync(path.join(directory, 'log'))
      .map((name) => readFileSync(path.join(directory, 'log', name), 'utf8'))
      .join('\n');
  const started = postfix('start');
  try {
    await untilListening(port);
  } catch (error) {
    throw new Error(`${started.stdout}${started.stderr}${log().slice(-1500)}`, { cause: error });
  }
  return {
    port,
    log,
    stop() {
      postfix('stop');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
