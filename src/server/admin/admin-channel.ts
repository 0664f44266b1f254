// How the command line reaches a database that a running server has open, because no second process may open it. The
// server listens on this computer only, on any free port; port and a random key stand in a file in the data directory
// that only its owner can read. Whoever can read that directory could read the data anyway.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { PlatformCallName } from '#shared/platform/platform-calls.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import type { AdminWork, AuditAnchors } from '#server/admin/admin-work.ts';
import type { DumpPart } from '#server/backup/dump.ts';
import type { PersonWish } from '#server/privacy/find-person.ts';

export const ADMIN_FILE = 'outpost.admin.json';
const MOST_BODY_BYTES = 16 * 1024;
/** A reader of a dump that stops reading does not hold up the server. */
const STALLED_MS = 60_000;

export interface AdminDoor {
  readonly port: number;
  readonly key: string;
}

export interface PersonRequest {
  readonly tenantId: string | null;
  readonly wish: PersonWish;
}

export interface AuditRequest {
  readonly tenantId: string | null;
  readonly anchors: AuditAnchors;
}

export interface MaintenanceRequest {
  readonly tenantId: string | null;
  readonly planned: Maintenance | null;
}

/** `domain` absent: passwords are switched on again. */
export interface SignInRequest {
  readonly tenantId: string | null;
  readonly domain?: string;
}

export interface PlatformRequest {
  readonly call: PlatformCallName;
  readonly input: never;
}

export interface OperatorRequest {
  readonly tenantId: string;
}

export interface TenantRequest {
  readonly tenantId: string;
}

export interface AdminChannel {
  close(): Promise<void>;
}

export async function openAdminChannel(dataDir: string, work: AdminWork): Promise<AdminChannel> {
  const key = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    answer(work, key, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, { error: toErrorData(error) });
    });
  });
  server.setTimeout(STALLED_MS, (socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const door: AdminDoor = { port: (server.address() as AddressInfo).port, key };
  const path = join(dataDir, ADMIN_FILE);
  rmSync(path, { force: true });
  writeFileSync(path, `${JSON.stringify(door)}\n`, { mode: 0o600 });
  return {
    async close() {
      rmSync(path, { force: true });
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function isAllowed(request: IncomingMessage, key: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function answer(work: AdminWork, key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isAllowed(request, key) || request.method !== 'POST') {
    response.statusCode = 404;
    response.end();
    return;
  }
  switch (request.url ?? '') {
    case '/dump':
      await work.dump((part) => writePart(response, part));
      response.end();
      return;
    case '/restore':
    case '/restore?replace':
      sendJson(response, { value: await work.restore(readParts(request), request.url?.endsWith('replace') === true) });
      return;
    case '/person/export': {
      const { tenantId, wish } = await readBody<PersonRequest>(request);
      sendJson(response, { value: await work.exportPerson(tenantId, wish) });
      return;
    }
    case '/person/erase': {
      const { tenantId, wish } = await readBody<PersonRequest>(request);
      sendJson(response, { value: await work.erasePerson(tenantId, wish) });
      return;
    }
    case '/maintenance': {
      const { tenantId, planned } = await readBody<MaintenanceRequest>(request);
      sendJson(response, { value: await work.announceMaintenance(tenantId, planned) });
      return;
    }
    case '/sign-in/domain': {
      const { tenantId, domain = '' } = await readBody<SignInRequest>(request);
      sendJson(response, { value: await work.confirmDomain(tenantId, domain) });
      return;
    }
    case '/sign-in/passwords': {
      const { tenantId } = await readBody<SignInRequest>(request);
      sendJson(response, { value: await work.allowPasswords(tenantId) });
      return;
    }
    case '/platform': {
      const { call, input } = await readBody<PlatformRequest>(request);
      sendJson(response, { value: await work.platform(call, input) });
      return;
    }
    case '/operator': {
      const { tenantId } = await readBody<OperatorRequest>(request);
      sendJson(response, { value: await work.moveOperator(tenantId) });
      return;
    }
    case '/addresses/any': {
      const { tenantId } = await readBody<TenantRequest>(request);
      sendJson(response, { value: await work.allowAnyAddress(tenantId) });
      return;
    }
    case '/audit/verify': {
      const { tenantId, anchors } = await readBody<AuditRequest>(request);
      sendJson(response, { value: await work.verifyAudits(tenantId, anchors) });
      return;
    }
    default:
      response.statusCode = 404;
      response.end();
  }
}

async function writePart(response: ServerResponse, part: DumpPart): Promise<void> {
  if (response.destroyed) throw new Error('the reader of the dump has gone');
  if (!response.write(`${JSON.stringify(part)}\n`))
    await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

/** Parts as they were written, one a line. */
export async function* readParts(stream: NodeJS.ReadableStream): AsyncIterable<DumpPart> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) yield JSON.parse(line) as DumpPart;
}

async function readBody<Body>(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_BODY_BYTES) throw new Error('the request is too large');
  }
  return JSON.parse(text) as Body;
}

/** Null when no server that has this directory open left its door. */
export function findAdminDoor(dataDir: string): AdminDoor | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, ADMIN_FILE), 'utf8')) as AdminDoor;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
