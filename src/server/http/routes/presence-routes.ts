import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { readAppearsOffline, writeAppearsOffline } from '#server/live/presence-choice.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { ErrorResponseSchema, type PresenceChoice, PresenceChoiceSchema } from '#shared/sync/messages.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

export function addPresenceRoutes(app: HttpServer, database: SqlDatabase): void {
  app.get(
    '/api/v1/presence',
    {
      schema: {
        summary: 'Whether you appear offline to your colleagues',
        tags: ['presence'],
        response: { 200: PresenceChoiceSchema, ...failures },
      },
    },
    async (request) => ({ appearsOffline: await readAppearsOffline(database, principalOf(request).actor) }),
  );
  app.put<{ Body: PresenceChoice }>(
    '/api/v1/presence',
    {
      schema: {
        summary: 'Appear offline, or not, on all your devices',
        tags: ['presence'],
        body: PresenceChoiceSchema,
        response: { 200: PresenceChoiceSchema, ...failures },
      },
    },
    async (request) => {
      await writeAppearsOffline(database, principalOf(request).actor, request.body.appearsOffline);
      return request.body;
    },
  );
}
