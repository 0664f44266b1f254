// A real Dovecot of its own: own configuration, own processes, own mailboxes in a temporary directory, on a free port of this
// computer. Nothing of the system is touched, and nothing is left.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { ImapFlow } from 'imapflow';
import { freePort, untilListening } from '#test/support/free-port.ts';

export interface Dovecot {
  readonly port: number;
  readonly directory: string;
  /** Sets the password of a mailbox; a new name makes one. */
  setPassword(user: string, password: string): void;
  /** A client of its own, as a phone would be. */
  connect(user: string, password: string): Promise<ImapFlow>;
  /** Stops it and starts it on the same port. */
  restart(): Promise<void>;
  halt(): Promise<void>;
  stop(): Promise<void>;
}

interface Users {
  readonly internal: string;
  readonly login: string;
  readonly mail: string;
}

/** Dovecot serves nobody as root: started by root it is run by the users its package brings, otherwise by whoever starts it. */
function chooseUsers(): Users {
  const { username, uid } = userInfo();
  if (uid === 0) return { internal: 'dovecot', login: 'dovenull', mail: 'nobody' };
  return { internal: username, login: username, mail: username };
}

const groupOf = (user: string): string => spawnSync('id', ['-gn', user]).stdout.toString().trim();

function configurationOf(directory: string, port: number, user: Users): string {
  return `
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = ${user.internal}
default_login_user = ${user.login}
default_internal_group = ${groupOf(user.internal)}
mail_location = maildir:${directory}/mail/%u:LAYOUT=fs
mail_uid = ${user.mail}
mail_gid = ${groupOf(user.mail)}
first_valid_uid = 0
first_valid_gid = 0
mail_max_userip_connections = 50
service imap-login {
  chroot =
  process_min_avail = 1
  inet_listener imap {
    port = ${String(port)}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Drafts {
    special_use = \\Drafts
  }
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${directory}/users
}
userdb {
  driver = static
  args = uid=${user.mail} gid=${groupOf(user.mail)} home=${directory}/mail/%u
}
`;
}

/** `users`: mailboxes that are there from the start; it looks at the list once a second. */
export async function startDovecot(users: readonly string[], password: string): Promise<Dovecot> {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-dovecot-'));
  chmodSync(directory, 0o755);
  for (const name of ['run', 'state', 'mail']) mkdirSync(path.join(directory, name));
  const port = await freePort();
  const user = chooseUsers();
  if (userInfo().uid === 0) spawnSync('chown', [user.mail, path.join(directory, 'mail')]);
  const passwords = new Map(users.map((user) => [user, password]));
  const file = path.join(directory, 'dovecot.conf');
  writeFileSync(file, configurationOf(directory, port, user));
  const writeUsers = (): void => {
    const lines = [...passwords].map(([who, what]) => `${who}:{PLAIN}${what}::::::`);
    writeFileSync(path.join(directory, 'users'), `${lines.join('\n')}\n`);
  };
  writeUsers();
  let running: ReturnType<typeof spawn> | null = null;

  async function start(): Promise<void> {
    running = spawn('/usr/sbin/dovecot', ['-F', '-c', file], { stdio: 'ignore' });
    try {
      await untilListening(port);
    } catch (error) {
      throw new Error(readFileSync(path.join(directory, 'dovecot.log'), 'utf8').slice(-2000), { cause: error });
    }
  }
  async function halt(): Promise<void> {
    const ending = running;
    running = null;
    if (ending === null || ending.exitCode !== null) return;
    ending.kill('SIGTERM');
    await once(ending, 'exit');
  }
  await start();

  return {
    port,
    directory,
    setPassword(name, password) {
      passwords.set(name, password);
      writeUsers();
    },
    async connect(name, password) {
      const client = new ImapFlow({
        host: '127.0.0.1',
        port,
        secure: false,
        doSTARTTLS: false,
        auth: { user: name, pass: password },
        logger: false,
      });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    async restart() {
      await halt();
      await start();
    },
    halt,
    async stop() {
      await halt();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
