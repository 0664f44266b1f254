// A real server on a real database in a directory of its own, in this process (fast, clock under control) or as the
// program a customer starts. Whatever it logs is kept, so that a test can look for what must not be there.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { hash } from '@node-rs/argon2';
import { readAllowRules } from '#server/egress/address-rules.ts';
import type { ResolveTxt } from '#server/sso/manage-sso.ts';
import { createServer, type RunningServer } from '#server/http/create-server.ts';
import { saveAccounts } from '#server/identity/accounts.ts';
import type { PresenceTimes } from '#server/live/presence.ts';
import type { RateLimit } from '#shared/access/rate-windows.ts';
import type { JobTimes } from '#server/jobs/job-engine.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';

export interface ManualClock {
  now(): number;
  advance(byMs: number): void;
}

export function createManualClock(startMs = Date.now()): ManualClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (byMs) => {
      nowMs += byMs;
    },
  };
}

export interface TestServer extends RunningServer {
  readonly clock: ManualClock;
  readonly dataDir: string;
  /** Every log line so far. */
  logText(): string;
  /** Stops the server and removes its directory. */
  remove(): Promise<void>;
}

export interface TestServerOptions {
  readonly isDemo?: boolean;
  /** A database that outlives the server; without it, PGlite in a new directory. */
  readonly location?: DatabaseLocation;
  readonly clock?: ManualClock;
  readonly presenceTimes?: PresenceTimes;
  readonly mail?: MailSettings;
  readonly jobTimes?: JobTimes;
  readonly publicUrl?: string;
  /** Addresses inside that may be named, as an operator writes them. */
  readonly allowPrivate?: string;
  readonly resolveTxt?: ResolveTxt;
  readonly operations?: OperationsSettings;
  readonly trustProxy?: readonly string[];
  readonly fetchFromAmazon?: (url: string) => Promise<Response>;
  readonly webhookPausesMs?: readonly number[];
  /** For tests that look again and again. */
  readonly rateLimit?: RateLimit;
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outpost-server-'));
  const clock = options.clock ?? createManualClock();
  const lines: string[] = [];
  const logDestination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const server = await createServer({
    location: options.location ?? { dataDir },
    port: 0,
    isDemo: options.isDemo ?? false,
    logLevel: 'trace',
    logDestination,
    clock,
    ...(options.mail === undefined ? {} : { mail: options.mail }),
    fetchFromAmazon: options.fetchFromAmazon,
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    allowedAddresses: readAllowRules(options.allowPrivate ?? ''),
    ...(options.resolveTxt === undefined ? {} : { resolveTxt: options.resolveTxt }),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
    ...(options.rateLimit === undefined ? {} : { rateLimit: options.rateLimit }),
    ...(options.webhookPausesMs === undefined ? {} : { webhookPausesMs: options.webhookPausesMs }),
    ...(options.jobTimes === undefined ? {} : { jobTimes: options.jobTimes }),
    ...(options.operations === undefined ? {} : { operations: options.operations }),
    ...(options.presenceTimes === undefined ? {} : { presenceTimes: options.presenceTimes }),
  });
  return {
    ...server,
    clock,
    dataDir,
    logText: () => lines.join(''),
    async remove() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const testPassword = 'correct horse battery staple';
/** Hashes made for tests alone: the product never makes one this cheap. */
const cheapHash = hash(testPassword, { memoryCost: 8, timeCost: 1, parallelism: 1 });

export interface TestPerson {
  /** Default: `Person <id>`. */
  readonly name?: string;
  readonly id: string;
  /** A built-in role or the id of a custom one. */
  readonly role: string;
  readonly teamId?: string;
  readonly timeZone?: string;
}
export interface TestTeam {
  readonly id: string;
  readonly parentId?: string;
  readonly leadId?: string;
}

export function emailOf(personId: string): string {
  return `${personId}@example.test`;
}

const atTheBegin = '2026-01-01T00:00:00.000Z';
const writtenAtTheBegin = { createdAt: atTheBegin, createdBy: null, updatedAt: atTheBegin, updatedBy: null };

async function writePerson(
  server: RunningServer,
  tenantId: TenantId,
  kind: string,
  record: { readonly id: string },
): Promise<void> {
  await server.database.inTenant(tenantId, async (session) => {
    await session.query(
      `INSERT INTO record (tenant, coll, id, kind, rev, owner, scope_keys, field_rev, deleted, data)
       VALUES ($1, 'people', $2, $3, 0, NULL, ARRAY['p'], '{}', false, $4)
       ON CONFLICT (tenant, coll, id) DO UPDATE SET data = $4`,
      [tenantId, record.id, kind, JSON.stringify({ kind, rev: 0, ...writtenAtTheBegin, ...record })],
    );
  });
}

/** Writes the user's record as an administrator's change would have left it. */
export function saveUser(
  server: RunningServer,
  tenantId: TenantId,
  person: TestPerson & { readonly isActive?: boolean },
): Promise<void> {
  return writePerson(server, tenantId, 'user', {
    name: `Person ${person.id}`,
    email: emailOf(person.id),
    isActive: true,
    ...person,
  } as { readonly id: string });
}

/** A tenant with people who can sign in with {@link testPassword}. */
export async function foundCompany(
  server: RunningServer,
  tenant: string,
  people: readonly TestPerson[],
  teams: readonly TestTeam[] = [],
): Promise<TenantId> {
  const tenantId = tenant as TenantId;
  await createTenant(server.database, tenantId, `Company ${tenant}`, Date.now());
  for (const team of teams) await writePerson(server, tenantId, 'team', team);
  const passwordHash = await cheapHash;
  for (const person of people) await saveUser(server, tenantId, person);
  await saveAccounts(
    server.database,
    people.map(({ id }) => ({ tenantId, userId: id as UserId, email: emailOf(id), passwordHash })),
    Date.now(),
  );
  return tenantId;
}

/** A tenant as the product founds one: its people stand in the log and have an epoch. They sign in with {@link testPassword}. */
export async function createOrganizationWith(
  server: RunningServer,
  tenant: string,
  people: readonly TestPerson[],
): Promise<TenantId> {
  const tenantId = tenant as TenantId;
  await createTenant(server.database, tenantId, `Company ${tenant}`, Date.now());
  const at = '2026-01-01T00:00:00.000Z';
  const records = people.map((person): AnyRecord => ({
    kind: 'user',
    rev: 0,
    ownerId: person.id,
    teamId: null,
    createdAt: at,
    createdBy: null,
    updatedAt: at,
    updatedBy: null,
    name: `Person ${person.id}`,
    email: emailOf(person.id),
    isActive: true,
    ...person,
  }));
  await seedRecords(server.database, tenantId, records);
  const passwordHash = await cheapHash;
  const accounts = people.map(({ id }) => ({ tenantId, userId: id as UserId, email: emailOf(id), passwordHash }));
  await saveAccounts(server.database, accounts, Date.now());
  return tenantId;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request over real HTTP. A string body goes as it is, anything else as JSON. */
export async function call(server: { readonly url: string }, path: string, request: Call = {}): Promise<Answer> {
  const { body, token } = request;
  const response = await fetch(`${server.url}${path}`, {
    method: request.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text !== '' && (response.headers.get('content-type') ?? '').startsWith('application/json');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
}

/** Code of an error answer, or what came instead. */
export function codeOf(answer: Answer): string {
  const body = answer.body as { readonly error?: { readonly code?: string } } | null;
  return body?.error?.code ?? `status ${answer.status} without code`;
}

export async function signIn(
  server: { readonly url: string },
  personId: string,
  deviceId = `device-of-${personId}`,
): Promise<SessionGrant> {
  const answer = await call(server, '/api/v1/auth/sign-in', {
    body: { email: emailOf(personId), password: testPassword, deviceId, deviceName: 'Test computer' },
  });
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
  return answer.body as SessionGrant;
}

export interface ServerProcess {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly output: { stdout: string; stderr: string };
  /** Exit code; waits for the end. */
  ended(): Promise<number | null>;
  /** Address from its first line; rejects when it ends before. */
  listening(): Promise<string>;
}

/** The server as a program; `nodeArgs` are for Node itself. */
export function spawnServer(args: readonly string[], nodeArgs: readonly string[] = []): ServerProcess {
  const child = spawn(process.execPath, [...nodeArgs, 'src/server/cli.ts', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString('utf8');
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    output,
    ended: () => exit,
    async listening() {
      while (!output.stdout.includes('\n')) {
        const event = await Promise.race([once(child.stdout, 'data').then(() => 'data'), exit.then(() => 'exit')]);
        if (event === 'exit') throw new Error(`the server ended before it listened: ${output.stderr}`);
      }
      return (JSON.parse(output.stdout.split('\n')[0] ?? '') as { readonly listening: string }).listening;
    },
  };
}
