// The mail engine of the main process without windows: real mailboxes, real sending, and in place of the data host a list of
// people who are known.
import { mkdtempSync, rmSync } from 'node:fs';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KeptMail } from '#shared/entities/mail-message/commands.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { MailboxState, MailDraft, OutboxItem } from '#shared/mail/mail-types.ts';
import { matchMail, type MailLinks } from '#shared/mail/match-mail.ts';
import { createCredentials } from '#main/mail/credentials.ts';
import type { AccountToStore } from '#main/mail/kept-accounts.ts';
import { createMailEngine, type MailEngine } from '#main/mail/mail-engine.ts';
import type { SecretName, SecretStore } from '#main/secrets/secret-store.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';

export interface MailPlace {
  readonly directory: string;
  readonly key: Uint8Array;
  readonly secrets: Map<string, string>;
  /** Contacts by address. */
  readonly contacts: Map<string, string>;
  readonly kept: Map<string, KeptMail>;
  /** What the server refused, as the journal holds it. */
  readonly refused: AttentionItem[];
  readonly reminders: Extract<HostRequest, { kind: 'remindOfMail' }>[];
  readonly clock: { aheadMs: number };
  /** Kinds of work that are paused. */
  readonly held: Set<string>;
  remove(): void;
}

export interface MailWorld {
  readonly engine: MailEngine;
  readonly log: readonly string[];
  isOnline: boolean;
  state(): MailboxState;
  /** Waits for what an observer would see. */
  until(what: string, condition: () => boolean, limitMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export function createMailPlace(): MailPlace {
  const directory = mkdtempSync(path.join(tmpdir(), 'outpost-mail-'));
  return {
    directory,
    key: randomBytes(32),
    secrets: new Map(),
    contacts: new Map(),
    kept: new Map(),
    refused: [],
    reminders: [],
    clock: { aheadMs: 0 },
    held: new Set(),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** For opening the files of mail without an engine. */
export const fileOptions = {
  nowMs: () => 17,
  log: () => undefined,
  onDamage: () => {
    throw new Error('a file of mail is damaged');
  },
};

export const UNTIL_MS = 20_000;

export function startMail(place: MailPlace): MailWorld {
  const log: string[] = [];
  const files = new Map<string, { name: string; parts: Uint8Array[] }>();
  const secrets: SecretStore = {
    backend: 'keychain',
    get: (name: SecretName) => Promise.resolve(place.secrets.get(name) ?? null),
    set: (name, value) => Promise.resolve(void place.secrets.set(name, value)),
    delete: (name) => Promise.resolve(void place.secrets.delete(name)),
  };
  const taken = (id: string) => {
    const file = files.get(id);
    if (file === undefined) throw new Error('no such file');
    const bytes = Buffer.concat(file.parts);
    return {
      id,
      name: file.name,
      sizeBytes: bytes.length,
      mediaType: 'message/rfc822',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  };
  function answer(request: HostRequest): unknown {
    if (request.kind === 'matchMails') {
      const people = {
        contacts: (address: string) => {
          const id = place.contacts.get(address);
          return id === undefined ? [] : [{ id, accountId: null }];
        },
        leads: () => [],
        users: () => [],
        accounts: () => [],
        openDeals: () => [],
      };
      return request.mails.map((mail): MailLinks | null => matchMail(people, mail, new Set(request.own)));
    }
    if (request.kind === 'keepMail') {
      const wasThere = place.kept.has(request.mail.id);
      if (!wasThere) place.kept.set(request.mail.id, request.mail);
      return { isKept: true, wasThere };
    }
    if (request.kind === 'remindOfMail') place.reminders.push(request);
    return null;
  }
  const clock = { now: () => Date.now() + place.clock.aheadMs };
  const world: { isOnline: boolean } = { isOnline: true };
  const engine = createMailEngine({
    credentials: createCredentials({
      secrets: () => secrets,
      profileId: () => 'profile',
      clock,
      openExternal: () => Promise.resolve(),
      words: () => ({ language: 'en', done: '', failed: '', close: '' }),
    }),
    ask: (request) => Promise.resolve(answer(request)),
    isHostReady: () => true,
    files: {
      begin(name) {
        const id = randomUUID();
        files.set(id, { name, parts: [] });
        return { id, name };
      },
      append: (id, _index, bytes) => void files.get(id)?.parts.push(bytes),
      finish: (id) => Promise.resolve(taken(id)),
      discard: (id) => void files.delete(id),
      drop: (id) => void files.delete(id),
      fetch: (id) => Promise.resolve(taken(id)),
      read: (id, index) => files.get(id)?.parts[index] ?? new Uint8Array(),
    },
    clock,
    scheduler: {
      after(delayMs, task) {
        const timer = setTimeout(task, delayMs);
        return { cancel: () => clearTimeout(timer) };
      },
    },
    createId: randomUUID,
    isOnline: () => world.isOnline,
    isHeld: (kind) => place.held.has(kind),
    onChanged: () => undefined,
    onAttention: () => undefined,
    log: (message, error) => log.push(`${message} ${error instanceof Error ? error.message : ''}`),
  });
  const profile = {
    directory: place.directory,
    filesKey: place.key,
    state: () => ({ actor: { userId: 'rep' } }),
    journal: {
      attention: () => place.refused,
      pending: () => [],
      discard: (id: string) =>
        void place.refused.splice(
          place.refused.findIndex((item) => item.id === id),
          1,
        ),
    },
  } as unknown as ActiveProfile;
  engine.open(profile);
  return Object.assign(world, {
    engine,
    log,
    state: () => engine.state(),
    async until(what: string, condition: () => boolean, limitMs = UNTIL_MS) {
      const end = Date.now() + limitMs;
      while (!condition()) {
        if (Date.now() > end)
          throw new Error(`never came: ${what}\n${log.join('\n')}\n${JSON.stringify(engine.state(), null, 1)}`);
        await new Promise((settle) => setTimeout(settle, 25));
      }
    },
    stop: () => engine.close(),
  });
}

export function accountAt(imapPort: number, smtpPort: number, more: Partial<AccountToStore> = {}): AccountToStore {
  return {
    address: 'ada@example.test',
    name: 'Ada',
    preset: 'other',
    imap: { host: '127.0.0.1', port: imapPort, security: 'none' },
    smtp: { host: '127.0.0.1', port: smtpPort, security: 'none' },
    user: 'ada',
    auth: 'password',
    oauth: null,
    visibility: 'team',
    signature: '',
    isOwnNetwork: true,
    ...more,
  };
}

export function draftOf(accountId: string, more: Partial<MailDraft> = {}): MailDraft {
  return {
    accountId,
    to: [{ name: 'Bob', address: 'bob@example.test' }],
    cc: [],
    bcc: [],
    subject: 'An offer',
    text: 'We offer what we said.',
    answers: null,
    attachments: [],
    sendAt: null,
    followUpDays: null,
    ...more,
  };
}

export const itemOf = (world: MailWorld, id: string): OutboxItem | undefined =>
  world.state().outbox.find((item) => item.id === id);

export const folderOf = (world: MailWorld, use: string) =>
  world.state().accounts[0]?.folders.find((folder) => folder.use === use);

export interface PlainMail {
  readonly from?: string;
  readonly to?: string;
  readonly subject?: string;
  readonly messageId?: string;
  readonly references?: string;
  readonly date?: string;
  readonly body?: string;
}

export function mailOf(mail: PlainMail): string {
  const lines = [
    `From: ${mail.from ?? 'Bob <bob@customer.example>'}`,
    `To: ${mail.to ?? 'Ada <ada@example.test>'}`,
    `Subject: ${mail.subject ?? 'Hello'}`,
    `Date: ${mail.date ?? 'Mon, 23 Nov 2026 10:00:00 +0000'}`,
    ...(mail.messageId === undefined ? [] : [`Message-ID: <${mail.messageId}>`]),
    ...(mail.references === undefined ? [] : [`References: ${mail.references}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${mail.body ?? 'Good morning.'}\r\n`;
}
