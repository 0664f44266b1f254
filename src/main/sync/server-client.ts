// HTTP to an Outpost server. Every failure leaves as an OutpostError of the catalogue; every answer is checked against
// the wire's schema before anyone sees it, so that a wrong or hostile server cannot bring in what the wire does not know.
import { deflateRawSync } from 'node:zlib';
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { Value } from 'typebox/value';
import { OutpostError, errorCatalogue, type ErrorCode } from '#shared/kernel/errors.ts';
import {
  BodiesResponseSchema,
  DemoGrantSchema,
  ErrorResponseSchema,
  HealthSchema,
  MaskingAuditSchema,
  OneTimePasswordSchema,
  ManifestResponseSchema,
  OrganizationSettingsSchema,
  PresenceChoiceSchema,
  PullResponseSchema,
  PushResponseSchema,
  RevealAnswerSchema,
  SessionGrantSchema,
  SessionListSchema,
  SignInWaysSchema,
  WhereSchema,
  type DemoGrant,
  type Health,
  type MaskingAudit,
  type OneTimePassword,
  type BodiesRequest,
  type BodiesResponse,
  type ManifestRequest,
  type ManifestResponse,
  type OrganizationSettings,
  type PresenceChoice,
  type PullRequest,
  type PullResponse,
  type PushRequest,
  type PushResponse,
  type RevealRequest,
  type SessionGrant,
  type SessionList,
  type SignInWays,
  type Where,
} from '#shared/sync/messages.ts';
import { AdmissionSchema, type Admission } from '#shared/sync/sign-in-messages.ts';
import { MaintenancePlanSchema, type MaintenancePlan } from '#shared/sync/maintenance.ts';
import {
  AuditPageSchema,
  AuditVerificationSchema,
  type AuditAnchor,
  type AuditPage,
  type AuditQuery,
  type AuditVerification,
} from '#shared/sync/audit-messages.ts';
import {
  ErasureDoneSchema,
  PersonExportSchema,
  type ErasureDone,
  type PersonExport,
  type PersonPlace,
} from '#shared/sync/privacy-messages.ts';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import {
  MailStateSchema,
  RunReportAnswerSchema,
  type MailState,
  type RunReportAnswer,
} from '#shared/sync/report-messages.ts';
import { CHUNK_HASH_HEADER, UploadStateSchema, type UploadState } from '#shared/sync/file-messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import { MOST_PACKED_BYTES, PACKED_TYPE, PACKING_DICTIONARY } from '#shared/sync/packed-body.ts';
import { createAccessClient, type AccessClient } from '#main/sync/access-client.ts';
import type { Exchange, ExchangeAnswer } from '#main/sync/exchange.ts';
import { createDoorClient, type DoorClient } from '#main/sync/door-client.ts';
import { createCampaignClient, type CampaignClient } from '#main/sync/campaign-client.ts';
import { createPlatformClient, type PlatformClient } from '#main/sync/platform-client.ts';
import { createDraftingClient, type DraftingClient } from '#main/sync/drafting-client.ts';
import { createSsoClient, type SsoClient } from '#main/sync/sso-client.ts';
import { MOST_LETTERS, readDetails } from '#main/sync/read-refusal.ts';

/** Before a request to this address: whoever can start the server there does. What it throws is the call's error. */
export type WakeServer = (serverUrl: string) => Promise<void>;

export interface ServerClient extends PlatformClient, CampaignClient {
  /** Before a connection to this server that is not one of these calls; they do it themselves. */
  readonly wake: WakeServer;
  readonly access: AccessClient;
  /** Throws `server_unreachable`, `not_an_outpost_server`, `too_old_protocol`. */
  checkHealth(serverUrl: string): Promise<Health>;
  startDemo(serverUrl: string): Promise<DemoGrant>;
  signIn(
    serverUrl: string,
    body: { email: string; password: string; newPassword?: string; deviceId: string; deviceName: string },
  ): Promise<Admission>;
  /** Getting in, and the factors of the user. */
  readonly door: DoorClient;
  /** Signing in with providers of organizations. */
  readonly sso: SsoClient;
  readonly drafting: DraftingClient;
  refresh(serverUrl: string, body: { refreshToken: string; deviceId: string }): Promise<SessionGrant>;
  signOut(serverUrl: string, accessToken: string): Promise<void>;
  changePassword(
    serverUrl: string,
    accessToken: string,
    body: { currentPassword: string; newPassword: string },
  ): Promise<void>;
  listSessions(serverUrl: string, accessToken: string): Promise<SessionList>;
  endSession(serverUrl: string, accessToken: string, sessionId: string): Promise<void>;
  listSignInWays(serverUrl: string, accessToken: string): Promise<SignInWays>;
  giveOneTimePassword(serverUrl: string, accessToken: string, userId: string): Promise<OneTimePassword>;
  exportPerson(serverUrl: string, accessToken: string, place: PersonPlace): Promise<PersonExport>;
  erasePerson(serverUrl: string, accessToken: string, place: PersonPlace): Promise<ErasureDone>;
  readSettings(serverUrl: string, accessToken: string): Promise<OrganizationSettings>;
  changeSettings(serverUrl: string, accessToken: string, body: OrganizationSettings): Promise<OrganizationSettings>;
  readMaintenance(serverUrl: string, accessToken: string): Promise<MaintenancePlan>;
  announceMaintenance(serverUrl: string, accessToken: string, body: MaintenancePlan): Promise<MaintenancePlan>;
  readMailState(serverUrl: string, accessToken: string): Promise<MailState>;
  tryMail(serverUrl: string, accessToken: string): Promise<MailState>;
  runReport(serverUrl: string, accessToken: string, scheduleId: string): Promise<RunReportAnswer>;
  revealField(serverUrl: string, accessToken: string, body: RevealRequest): Promise<{ readonly value: unknown }>;
  readMaskingAudit(serverUrl: string, accessToken: string): Promise<MaskingAudit>;
  readAudit(serverUrl: string, accessToken: string, query: AuditQuery): Promise<AuditPage>;
  verifyAudit(serverUrl: string, accessToken: string, anchors: readonly AuditAnchor[]): Promise<AuditVerification>;
  /** A file the server has ready. */
  fetchFile(url: string, accessToken: string): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }>;
  push(serverUrl: string, accessToken: string, body: PushRequest, signal?: AbortSignal): Promise<PushResponse>;
  pull(serverUrl: string, accessToken: string, body: PullRequest, signal?: AbortSignal): Promise<PullResponse>;
  manifest(
    serverUrl: string,
    accessToken: string,
    body: ManifestRequest,
    signal?: AbortSignal,
  ): Promise<ManifestResponse>;
  bodies(serverUrl: string, accessToken: string, body: BodiesRequest, signal?: AbortSignal): Promise<BodiesResponse>;
  readWhere(serverUrl: string, accessToken: string): Promise<Where>;
  readPresenceChoice(serverUrl: string, accessToken: string): Promise<PresenceChoice>;
  choosePresence(serverUrl: string, accessToken: string, body: PresenceChoice): Promise<PresenceChoice>;
  readUpload(serverUrl: string, accessToken: string, fileId: string): Promise<UploadState>;
  sendChunk(serverUrl: string, accessToken: string, place: ChunkPlace, chunk: Chunk): Promise<void>;
  completeUpload(serverUrl: string, accessToken: string, fileId: string): Promise<UploadState>;
  fetchChunk(serverUrl: string, accessToken: string, place: ChunkPlace): Promise<Chunk>;
  /** Anything else of the API; the answer is checked by the schema that is given. `accessToken` null: as nobody. */
  ask<Schema extends TSchema>(
    serverUrl: string,
    accessToken: string | null,
    question: Question<Schema>,
  ): Promise<Static<Schema>>;
}

/** A question of a screen about which the engine knows nothing. */
export interface Question<Schema extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the address of the server. */
  readonly path: string;
  readonly schema: Schema;
  readonly body?: unknown;
  /** Default: a few seconds. */
  readonly limitMs?: number;
}

export interface ChunkPlace {
  readonly fileId: string;
  readonly index: number;
}

export interface Chunk {
  readonly bytes: Uint8Array;
  /** As whoever sent it says. */
  readonly sha256: string;
}

/** Largest answer that is read, as text; whatever is longer is no answer. A refusal says one sentence. */
const MOST_BYTES = {
  refusal: 4 * 1024 * 1024,
  quick: 16 * 1024 * 1024,
  sync: 256 * 1024 * 1024,
  file: 512 * 1024 * 1024,
} as const;
const QUICK_LIMIT_MS = 10_000;
/** A full push and its verdicts, or a page, over a slow line. */
const SYNC_LIMIT_MS = 60_000;
/** The server waits for a mail server meanwhile. */
const MAIL_LIMIT_MS = 60_000;
const ofSync = { limitMs: SYNC_LIMIT_MS, mostBytes: MOST_BYTES.sync, isPacked: true } as const;
const packingDictionary = Buffer.from(PACKING_DICTIONARY);
/** The server reads its whole audit. */
const VERIFY_LIMIT_MS = 600_000;
/** The server reads a large file once through before it says that it is right. */
const COMPLETE_LIMIT_MS = 300_000;
/** The demo company is made on the server while the client waits. */
const DEMO_LIMIT_MS = 120_000;

interface Call<Schema extends TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  /** Sent as they are, in the place of a body. */
  readonly chunk?: Chunk;
  readonly accessToken?: string;
  readonly limitMs?: number;
  readonly mostBytes?: number;
  /** Small bodies go packed. */
  readonly isPacked?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** `https` anywhere, `http` on this computer only. Throws `invalid`. The address without path and trailing slash. */
export function normalizeServerUrl(typed: string): string {
  const text = typed.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch (error) {
    throw new OutpostError(
      'invalid',
      'This is not an address. It looks like https://crm.example.com.',
      {},
      { cause: error },
    );
  }
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new OutpostError('invalid', 'Use an address that begins with https://.', {});
  }
  if (url.username !== '' || url.password !== '')
    throw new OutpostError('invalid', 'Leave name and password out of the address.', {});
  return url.origin;
}

function unreachable(cause: unknown): OutpostError {
  return new OutpostError(
    'server_unreachable',
    'The server cannot be reached. Your work is saved on this computer and is sent later.',
    {},
    { cause },
  );
}

function notOutpost(cause?: unknown): OutpostError {
  return new OutpostError(
    'not_an_outpost_server',
    'There is no Outpost server at this address. Check the address.',
    {},
    { cause },
  );
}

/** From a server that is one: somebody signed in there. */
function wrongAnswer(cause?: unknown): OutpostError {
  return new OutpostError(
    'wrong_answer',
    'The server sent something this program does not understand. Nothing of it was taken over.',
    {},
    { cause },
  );
}

function toRefusal(status: number, text: string): OutpostError {
  try {
    const body: unknown = JSON.parse(text);
    if (Value.Check(ErrorResponseSchema, body)) {
      const { code, message, details } = body.error;
      const known: ErrorCode = Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'internal';
      return new OutpostError(known, message.slice(0, MOST_LETTERS), { ...readDetails(details), status });
    }
  } catch {
    // Not JSON: a proxy or another kind of server answered; the status decides below.
  }
  if (status >= 500 || status === 429)
    return new OutpostError('server_busy', 'The server is busy. Outpost tries again by itself.', { status });
  return notOutpost();
}

/** Never more than a caller can hold, whatever a server sends. */
async function readBytes(response: ExchangeAnswer, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body ?? []) {
      length += part.length;
      if (length > most) break;
      parts.push(part);
    }
  } catch (error) {
    throw unreachable(error);
  }
  if (length > most) throw wrongAnswer();
  return Buffer.concat(parts);
}

async function readBody(response: ExchangeAnswer, most: number): Promise<string> {
  return (await readBytes(response, most)).toString('utf8');
}

/** A server that knows no packed requests is of another time; what was sent stays as it is. */
const UNKNOWN_TYPE = 415;

function olderServer(): OutpostError {
  return new OutpostError(
    'too_old_protocol',
    'The server is older than this version of Outpost. Ask your administrator to update it.',
  );
}

interface Body {
  readonly type: string | null;
  readonly body: string | Uint8Array | null;
}

function toBody({ body, chunk, isPacked }: Call<TSchema>): Body {
  if (chunk !== undefined) return { type: 'application/octet-stream', body: chunk.bytes };
  if (body === undefined) return { type: null, body: null };
  const text = JSON.stringify(body);
  if (isPacked !== true || Buffer.byteLength(text) > MOST_PACKED_BYTES) return { type: 'application/json', body: text };
  return { type: PACKED_TYPE, body: deflateRawSync(text, { dictionary: packingDictionary, level: 9 }) };
}

const fileUrl = (serverUrl: string, fileId: string, part: string): string =>
  `${serverUrl}/api/v1/files/${encodeURIComponent(fileId)}/${part}`;

const validators = new Map<TSchema, Validator>();

/** Compiled at first use: a page of thousands of records is checked many times faster than by walking the schema. */
function validatorOf(schema: TSchema): Validator {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  return validator;
}

function isOf<Schema extends TSchema>(schema: Schema, answer: unknown): answer is Static<Schema> {
  return validatorOf(schema).Check(answer);
}

export function createServerClient(exchange: Exchange, wake: WakeServer = () => Promise.resolve()): ServerClient {
  /** The answer as it comes, when it is a good one. */
  async function send(request: Call<TSchema>): Promise<ExchangeAnswer> {
    const { type, body } = toBody(request);
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    if (request.chunk !== undefined) headers[CHUNK_HASH_HEADER] = request.chunk.sha256;
    if (request.accessToken !== undefined) headers['authorization'] = `Bearer ${request.accessToken}`;
    await wake(new URL(request.url).origin);
    const limit = AbortSignal.timeout(request.limitMs ?? QUICK_LIMIT_MS);
    const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
    const sent = { method: request.method, headers, signal, ...(body === null ? {} : { body }) };
    let response: ExchangeAnswer;
    try {
      response = await exchange(request.url, sent);
    } catch (error) {
      throw unreachable(error);
    }
    // Somebody between here and the server wants to be asked first, as hotels do.
    if (response.status >= 300 && response.status < 400) throw unreachable(new Error('a redirect is not followed'));
    if (response.status === UNKNOWN_TYPE && type === PACKED_TYPE) throw olderServer();
    if (!response.ok) throw toRefusal(response.status, await readBody(response, MOST_BYTES.refusal));
    return response;
  }

  async function call<Schema extends TSchema>(request: Call<Schema>): Promise<Static<Schema>> {
    const text = await readBody(await send(request), request.mostBytes ?? MOST_BYTES.quick);
    const isKnownServer = request.accessToken !== undefined;
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (error) {
      throw isKnownServer ? wrongAnswer(error) : notOutpost(error);
    }
    if (!isOf(request.schema, answer)) throw isKnownServer ? wrongAnswer() : notOutpost();
    return answer;
  }

  const Nothing = Type.Unknown();
  const post = <Schema extends TSchema>(url: string, schema: Schema, body: unknown, rest: Partial<Call<Schema>> = {}) =>
    call({ method: 'POST', url, schema, body, ...rest });

  return {
    ...createPlatformClient(call),
    ...createCampaignClient(call),
    wake,
    door: createDoorClient(call),
    sso: createSsoClient(call),
    drafting: createDraftingClient(call),
    access: createAccessClient(call),
    async checkHealth(serverUrl) {
      const health = await call({ method: 'GET', url: `${serverUrl}/api/health`, schema: HealthSchema });
      if (health.protocol < PROTOCOL_VERSION || health.minProtocol > PROTOCOL_VERSION) {
        const isServerOlder = health.protocol < PROTOCOL_VERSION;
        const message = isServerOlder
          ? olderServer().message
          : 'This version of Outpost is too old for the server. Update Outpost.';
        throw new OutpostError('too_old_protocol', message, {
          protocol: health.protocol,
          minProtocol: health.minProtocol,
        });
      }
      return health;
    },
    startDemo: (serverUrl) => post(`${serverUrl}/api/v1/demo`, DemoGrantSchema, {}, { limitMs: DEMO_LIMIT_MS }),
    signIn: (serverUrl, body) => post(`${serverUrl}/api/v1/auth/sign-in`, AdmissionSchema, body),
    refresh: (serverUrl, body) => post(`${serverUrl}/api/v1/auth/refresh`, SessionGrantSchema, body),
    async signOut(serverUrl, accessToken) {
      await post(`${serverUrl}/api/v1/auth/sign-out`, Nothing, {}, { accessToken });
    },
    async changePassword(serverUrl, accessToken, body) {
      await post(`${serverUrl}/api/v1/auth/change-password`, Nothing, body, { accessToken });
    },
    listSessions: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/sessions`, schema: SessionListSchema, accessToken }),
    async endSession(serverUrl, accessToken, sessionId) {
      await call({
        method: 'DELETE',
        url: `${serverUrl}/api/v1/sessions/${encodeURIComponent(sessionId)}`,
        schema: Nothing,
        accessToken,
      });
    },
    listSignInWays: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/users/sign-in-ways`, schema: SignInWaysSchema, accessToken }),
    giveOneTimePassword: (serverUrl, accessToken, userId) => {
      const url = `${serverUrl}/api/v1/users/${encodeURIComponent(userId)}/one-time-password`;
      return post(url, OneTimePasswordSchema, {}, { accessToken });
    },
    exportPerson: (serverUrl, accessToken, place) =>
      post(`${serverUrl}/api/v1/privacy/export`, PersonExportSchema, place, { accessToken, ...ofSync }),
    erasePerson: (serverUrl, accessToken, place) =>
      post(`${serverUrl}/api/v1/privacy/erase`, ErasureDoneSchema, place, { accessToken, limitMs: SYNC_LIMIT_MS }),
    readSettings: (serverUrl, accessToken) =>
      call({
        method: 'GET',
        url: `${serverUrl}/api/v1/organization/settings`,
        schema: OrganizationSettingsSchema,
        accessToken,
      }),
    changeSettings: (serverUrl, accessToken, body) =>
      call({
        method: 'PUT',
        url: `${serverUrl}/api/v1/organization/settings`,
        schema: OrganizationSettingsSchema,
        body,
        accessToken,
      }),
    readMaintenance: (serverUrl, accessToken) =>
      call({
        method: 'GET',
        url: `${serverUrl}/api/v1/organization/maintenance`,
        schema: MaintenancePlanSchema,
        accessToken,
      }),
    announceMaintenance: (serverUrl, accessToken, body) =>
      call({
        method: 'PUT',
        url: `${serverUrl}/api/v1/organization/maintenance`,
        schema: MaintenancePlanSchema,
        body,
        accessToken,
      }),
    readMailState: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/mail`, schema: MailStateSchema, accessToken }),
    tryMail: (serverUrl, accessToken) =>
      post(`${serverUrl}/api/v1/mail/test`, MailStateSchema, {}, { accessToken, limitMs: MAIL_LIMIT_MS }),
    runReport: (serverUrl, accessToken, scheduleId) => {
      const url = `${serverUrl}/api/v1/analytics/report-schedules/${encodeURIComponent(scheduleId)}/run`;
      return post(url, RunReportAnswerSchema, {}, { accessToken });
    },
    revealField: (serverUrl, accessToken, body) =>
      post(`${serverUrl}/api/v1/fields/reveal`, RevealAnswerSchema, body, { accessToken }),
    readMaskingAudit: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/fields/audit`, schema: MaskingAuditSchema, accessToken }),
    readAudit: (serverUrl, accessToken, query) =>
      post(`${serverUrl}/api/v1/audit/entries`, AuditPageSchema, query, { accessToken, limitMs: SYNC_LIMIT_MS }),
    verifyAudit: (serverUrl, accessToken, anchors) =>
      post(
        `${serverUrl}/api/v1/audit/verify`,
        AuditVerificationSchema,
        { anchors },
        { accessToken, limitMs: VERIFY_LIMIT_MS },
      ),
    async fetchFile(url, accessToken) {
      const response = await send({ method: 'GET', url, schema: Nothing, accessToken, limitMs: SYNC_LIMIT_MS });
      const mediaType = response.headers.get('content-type') ?? 'application/octet-stream';
      return { mediaType, bytes: await readBytes(response, MOST_BYTES.file) };
    },
    push: (serverUrl, accessToken, body, signal) =>
      post(`${serverUrl}/sync/v1/push`, PushResponseSchema, body, { accessToken, signal, ...ofSync }),
    pull: (serverUrl, accessToken, body, signal) =>
      post(`${serverUrl}/sync/v1/pull`, PullResponseSchema, body, { accessToken, signal, ...ofSync }),
    manifest: (serverUrl, accessToken, body, signal) =>
      post(`${serverUrl}/sync/v1/manifest`, ManifestResponseSchema, body, { accessToken, signal, ...ofSync }),
    bodies: (serverUrl, accessToken, body, signal) =>
      post(`${serverUrl}/sync/v1/bodies`, BodiesResponseSchema, body, { accessToken, signal, ...ofSync }),
    readPresenceChoice: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/presence`, schema: PresenceChoiceSchema, accessToken }),
    choosePresence: (serverUrl, accessToken, body) =>
      call({ method: 'PUT', url: `${serverUrl}/api/v1/presence`, schema: PresenceChoiceSchema, body, accessToken }),
    readWhere: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/sync/v1/where`, schema: WhereSchema, accessToken }),
    readUpload: (serverUrl, accessToken, fileId) =>
      call({ method: 'GET', url: fileUrl(serverUrl, fileId, 'upload'), schema: UploadStateSchema, accessToken }),
    async sendChunk(serverUrl, accessToken, { fileId, index }, chunk) {
      const url = fileUrl(serverUrl, fileId, `chunks/${String(index)}`);
      await call({ method: 'PUT', url, schema: Nothing, chunk, accessToken, limitMs: SYNC_LIMIT_MS });
    },
    completeUpload: (serverUrl, accessToken, fileId) =>
      post(fileUrl(serverUrl, fileId, 'complete'), UploadStateSchema, {}, { accessToken, limitMs: COMPLETE_LIMIT_MS }),
    ask: (serverUrl, accessToken, { path, ...question }) =>
      call({
        ...question,
        url: `${serverUrl}${path}`,
        limitMs: question.limitMs ?? SYNC_LIMIT_MS,
        mostBytes: MOST_BYTES.sync,
        ...(accessToken === null ? {} : { accessToken }),
      }),
    async fetchChunk(serverUrl, accessToken, { fileId, index }) {
      const url = fileUrl(serverUrl, fileId, `chunks/${String(index)}`);
      const response = await send({ method: 'GET', url, schema: Nothing, accessToken, limitMs: SYNC_LIMIT_MS });
      return {
        bytes: await readBytes(response, CHUNK_BYTES),
        sha256: response.headers.get(CHUNK_HASH_HEADER) ?? '',
      };
    },
  };
}
