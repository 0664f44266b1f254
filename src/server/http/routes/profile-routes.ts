// What the time of the server goes into, for whoever runs it.
import {
  ProfileFileSchema,
  ProfileStateSchema,
  ProfileWishSchema,
  type ProfileState,
  type ProfileWish,
} from '#shared/sync/profile-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import type { Actor } from '#shared/access/actor.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Profiler } from '#server/observe/profiler.ts';
import { assertMayWatch, assertRunsTheServer, runsTheServer } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['health'];

export function addProfileRoutes(
  app: HttpServer,
  { database, profiler }: { readonly database: SqlDatabase; readonly profiler: Profiler },
): void {
  async function stateFor(actor: Actor): Promise<ProfileState> {
    const mayMeasure = await runsTheServer(database, actor);
    return mayMeasure ? { mayMeasure, ...profiler.state() } : { mayMeasure, runsUntil: null, last: null };
  }

  app.get(
    '/api/v1/profile',
    {
      schema: {
        summary: 'What the time of this server process went into when it was last measured',
        tags,
        response: { 200: ProfileStateSchema, ...failures },
      },
    },
    (request) => {
      const { actor } = principalOf(request);
      assertMayWatch(actor);
      return stateFor(actor);
    },
  );
  app.post<{ Body: ProfileWish }>(
    '/api/v1/profile',
    {
      schema: {
        summary: 'Measure for some seconds what the time of this server process goes into',
        tags,
        body: ProfileWishSchema,
        response: { 200: ProfileStateSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      assertMayWatch(actor);
      await assertRunsTheServer(database, actor);
      await profiler.begin(request.body.seconds);
      return stateFor(actor);
    },
  );
  app.get(
    '/api/v1/profile/file',
    {
      schema: {
        summary: 'The last measurement as a CPU profile for the performance tools of a browser',
        tags,
        response: { 200: ProfileFileSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      assertMayWatch(actor);
      await assertRunsTheServer(database, actor);
      return profiler.file();
    },
  );
}
