// What this program asks an Outpost server, by name.
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  BodiesResponseSchema,
  DemoGrantSchema,
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
import { DeletedRecordsSchema, type DeletedRecords } from '#shared/sync/deleted-messages.ts';
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
import { MailStateSchema, type MailState } from '#shared/sync/report-messages.ts';
import { CHUNK_HASH_HEADER, UploadStateSchema, type UploadState } from '#shared/sync/file-messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import { createAccessClient, type AccessClient } from '#main/sync/access-client.ts';
import { createWebhookClient, type WebhookClient } from '#main/sync/webhook-client.ts';
import type { Exchange } from '#main/sync/exchange.ts';
import {
  createServerCall,
  MOST_BYTES,
  olderServer,
  readBytes,
  type Chunk,
  type WakeServer,
} from '#main/sync/server-call.ts';
import { createDoorClient, type DoorClient } from '#main/sync/door-client.ts';
import { createCampaignClient, type CampaignClient } from '#main/sync/campaign-client.ts';
import { createPlatformClient, type PlatformClient } from '#main/sync/platform-client.ts';
import { createDraftingClient, type DraftingClient } from '#main/sync/drafting-client.ts';
import { createSsoClient, type SsoClient } from '#main/sync/sso-client.ts';

export interface ServerClient extends PlatformClient, CampaignClient {
  /** Before a connection to this server that is not one of these calls; they do it themselves. */
  readonly wake: WakeServer;
  readonly access: AccessClient;
  readonly webhooks: WebhookClient;
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
  revealField(serverUrl: string, accessToken: string, body: RevealRequest): Promise<{ readonly value: unknown }>;
  readMaskingAudit(serverUrl: string, accessToken: string): Promise<MaskingAudit>;
  listDeleted(serverUrl: string, accessToken: string): Promise<DeletedRecords>;
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

/** A full push and its verdicts, or a page, over a slow line. */
const SYNC_LIMIT_MS = 60_000;
/** The server waits for a mail server meanwhile. */
const MAIL_LIMIT_MS = 60_000;
const ofSync = { limitMs: SYNC_LIMIT_MS, mostBytes: MOST_BYTES.sync, isPacked: true } as const;
/** The server reads its whole audit. */
const VERIFY_LIMIT_MS = 600_000;
/** The server reads a large file once through before it says that it is right. */
const COMPLETE_LIMIT_MS = 300_000;
/** The demo company is made on the server while the client waits. */
const DEMO_LIMIT_MS = 120_000;

export interface ChunkPlace {
  readonly fileId: string;
  readonly index: number;
}

const Nothing = Type.Unknown();

const fileUrl = (serverUrl: string, fileId: string, part: string): string =>
  `${serverUrl}/api/v1/files/${encodeURIComponent(fileId)}/${part}`;

export function createServerClient(exchange: Exchange, wake: WakeServer = () => Promise.resolve()): ServerClient {
  const { send, call, post } = createServerCall(exchange, wake);

  return {
    ...createPlatformClient(call),
    ...createCampaignClient(call),
    wake,
    door: createDoorClient(call),
    sso: createSsoClient(call),
    drafting: createDraftingClient(call),
    access: createAccessClient(call),
    webhooks: createWebhookClient(call),
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
    revealField: (serverUrl, accessToken, body) =>
      post(`${serverUrl}/api/v1/fields/reveal`, RevealAnswerSchema, body, { accessToken }),
    readMaskingAudit: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/fields/audit`, schema: MaskingAuditSchema, accessToken }),
    listDeleted: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/deleted-records`, schema: DeletedRecordsSchema, accessToken }),
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
