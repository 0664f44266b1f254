// The tree of territories for programs (TER-06). Devices have it by synchronization.
import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { childrenOf, createTerritory, findTerritory, parentsOf, readTree } from '#server/sync/territories.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Territory = Type.Record(Type.String(), Type.Unknown());
const Territories = Type.Object({ territories: Type.Array(Territory) });
const Hierarchy = Type.Object({
  territory: Territory,
  parents: Type.Array(Territory),
  children: Type.Array(Territory),
});
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Values = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());
const Depth = Type.Object({ all: Type.Optional(Type.Boolean()) });

const path = '/api/v1/territories';
const tags = ['territories'];

export function addTerritoryRoutes(app: HttpServer, dependencies: SyncDependencies): void {
  app.get(
    path,
    { schema: { summary: 'All territories you may see', tags, response: { 200: Territories, ...failures } } },
    async (request) => ({ territories: [...(await readTree(dependencies, principalOf(request).actor))] }),
  );
  app.post(
    path,
    {
      schema: {
        summary: 'A new territory, judged by the rules of every other change',
        tags,
        body: Values,
        response: { 201: Territory, ...failures },
      },
    },
    async (request, reply) => {
      const record = await createTerritory(dependencies, principalOf(request), request.body);
      return reply.code(201).send(record);
    },
  );
  app.get(
    `${path}/:id`,
    { schema: { summary: 'One territory', tags, params: Id, response: { 200: Territory, ...failures } } },
    async (request) => findTerritory(await readTree(dependencies, principalOf(request).actor), request.params.id),
  );
  app.get(
    `${path}/:id/children`,
    {
      schema: {
        summary: 'The territories directly below, or with `all` everything below',
        tags,
        params: Id,
        querystring: Depth,
        response: { 200: Territories, ...failures },
      },
    },
    async (request) => {
      const tree = await readTree(dependencies, principalOf(request).actor);
      const { id } = findTerritory(tree, request.params.id);
      return { territories: [...childrenOf(tree, id, request.query.all === true)] };
    },
  );
  app.get(
    `${path}/:id/hierarchy`,
    {
      schema: {
        summary: 'A territory with everything above it, the root first, and everything below',
        tags,
        params: Id,
        response: { 200: Hierarchy, ...failures },
      },
    },
    async (request) => {
      const tree = await readTree(dependencies, principalOf(request).actor);
      const territory = findTerritory(tree, request.params.id);
      return {
        territory,
        parents: [...parentsOf(tree, territory.id)],
        children: [...childrenOf(tree, territory.id, true)],
      };
    },
  );
}
