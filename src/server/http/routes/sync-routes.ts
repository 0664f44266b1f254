// Push and pull. The bodies are checked by their schemas; the answers are written by typed code and go out as they are,
// because serialising by schema would cost more than making them.
import {
  type BodiesRequest,
  BodiesRequestSchema,
  BodiesResponseSchema,
  ErrorResponseSchema,
  type ManifestRequest,
  ManifestRequestSchema,
  ManifestResponseSchema,
  type PullRequest,
  PullRequestSchema,
  PullResponseSchema,
  type PushRequest,
  PushRequestSchema,
  PushResponseSchema,
  type Where,
  WhereSchema,
} from '#shared/sync/messages.ts';
import { PUSH_BODY_LIMIT_BYTES } from '#server/http/errors.ts';
import { type HttpServer, principalOf, recognised } from '#server/http/http-server.ts';
import { checkProtocolVersion } from '#server/http/protocol-version.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { bodiesJson } from '#server/sync/bodies.ts';
import { manifestPage } from '#server/sync/manifest.ts';
import { readOwnHead } from '#server/sync/position.ts';
import { pullPageJson } from '#server/sync/pull.ts';
import { hashOperations } from '#server/sync/op-results.ts';
import { pushOperationsJson, type SyncDependencies } from '#server/sync/push.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

export function addSyncRoutes(app: HttpServer, dependencies: SyncDependencies): void {
  app.post<{ Body: PushRequest; Reply: string }>(
    '/sync/v1/push',
    {
      bodyLimit: PUSH_BODY_LIMIT_BYTES,
      // The next push of a device is read while the database is busy with the one before it.
      config: { recognition: 'whileReading' },
      preValidation: checkProtocolVersion,
      schema: {
        summary: 'Send operations; one verdict for each, in order',
        tags: ['sync'],
        body: PushRequestSchema,
        response: { 200: PushResponseSchema, ...failures },
      },
    },
    async (request, reply) => {
      const hashes = hashOperations(request.body.ops);
      const { actor, deviceId } = await recognised(request);
      const answer = await pushOperationsJson(dependencies, actor, deviceId, request.body, hashes);
      return reply.type('application/json').send(answer);
    },
  );
  app.post<{ Body: PullRequest; Reply: string }>(
    '/sync/v1/pull',
    {
      preValidation: checkProtocolVersion,
      schema: {
        summary: 'The next page of what you may see',
        tags: ['sync'],
        body: PullRequestSchema,
        response: { 200: PullResponseSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor, deviceId } = principalOf(request);
      const page = await pullPageJson(dependencies, actor, deviceId, request.body);
      return reply.type('application/json').send(page);
    },
  );
  addManifestRoutes(app, dependencies);
  addWhereRoute(app, dependencies);
}

function addWhereRoute(app: HttpServer, { store, clock }: SyncDependencies): void {
  app.get<{ Reply: Where }>(
    '/sync/v1/where',
    {
      schema: {
        summary: 'Which life of the order this is, and the epoch of your rights; never how many changes there were',
        tags: ['sync'],
        response: { 200: WhereSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      const tenantId = actor.tenantId as TenantId;
      const { incarnation } = await store.inTenant(tenantId, (transaction) => readOwnHead(transaction, actor));
      return { incarnation, epoch: actor.epoch, serverTime: toInstant(clock.now()) };
    },
  );
}

function addManifestRoutes(app: HttpServer, dependencies: SyncDependencies): void {
  app.post<{ Body: ManifestRequest; Reply: string }>(
    '/sync/v1/manifest',
    {
      preValidation: checkProtocolVersion,
      schema: {
        summary: 'Place and fingerprint of everything you may see, page by page',
        tags: ['sync'],
        body: ManifestRequestSchema,
        response: { 200: ManifestResponseSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor, deviceId } = principalOf(request);
      const page = await manifestPage(dependencies, actor, deviceId, request.body);
      return reply.type('application/json').send(JSON.stringify(page));
    },
  );
  app.post<{ Body: BodiesRequest; Reply: string }>(
    '/sync/v1/bodies',
    {
      bodyLimit: PUSH_BODY_LIMIT_BYTES,
      preValidation: checkProtocolVersion,
      schema: {
        summary: 'Records by id, as you may see them now',
        tags: ['sync'],
        body: BodiesRequestSchema,
        response: { 200: BodiesResponseSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor } = principalOf(request);
      const answer = await bodiesJson(dependencies, actor, request.body);
      return reply.type('application/json').send(answer);
    },
  );
}
