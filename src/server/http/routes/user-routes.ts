// Users, roles and rights for programs (IDT-06, IDT-07, PER-07, PER-23). Devices have them by synchronization.
import { Type } from 'typebox';
import { fieldModes } from '#shared/access/field-policy.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { assertManagesUsers, createProgramUsers } from '#server/people/program-users.ts';
import { createProgramRoles, rightsOf } from '#server/people/program-roles.ts';
import type { SyncDependencies } from '#server/sync/push.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Anything = Type.Record(Type.String(), Type.Unknown());
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Values = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());
const Users = Type.Object({ users: Type.Array(Anything) });
const Nothing = Type.Object({}, { additionalProperties: false });

/** The two addresses of the documents: the directory, and the same for whoever manages users. */
const places = [
  { path: '/api/v1/users', isForManagers: false, words: 'as you see them' },
  { path: '/api/v1/admin/users', isForManagers: true, words: 'for whoever manages users' },
] as const;

export function addUserRoutes(app: HttpServer, deps: SyncDependencies): void {
  for (const place of places) addUserRoutesAt(app, deps, place);
  addRoleRoutes(app, deps);
}

function addUserRoutesAt(
  app: HttpServer,
  deps: SyncDependencies,
  { path, isForManagers, words }: (typeof places)[number],
): void {
  const users = createProgramUsers(deps);
  const tags = ['users'];
  const principalFor = (request: Parameters<typeof principalOf>[0]) => {
    const principal = principalOf(request);
    if (isForManagers) assertManagesUsers(principal);
    return principal;
  };
  app.get(
    path,
    { schema: { summary: `All users, ${words}`, tags, response: { 200: Users, ...failures } } },
    async (request) => ({ users: await users.list(principalFor(request)) }),
  );
  app.post(
    path,
    {
      schema: {
        summary: `A new user, ${words}; a way in is given by an invitation or a one-time password`,
        tags,
        body: Values,
        response: { 201: Anything, ...failures },
      },
    },
    async (request, reply) => reply.code(201).send(await users.create(principalFor(request), request.body)),
  );
  app.get(
    `${path}/:id`,
    { schema: { summary: `One user, ${words}`, tags, params: Id, response: { 200: Anything, ...failures } } },
    (request) => users.find(principalFor(request), request.params.id),
  );
  app.put(
    `${path}/:id`,
    {
      schema: {
        summary: `Change a user, ${words}: fields that are not named stay`,
        tags,
        params: Id,
        body: Values,
        response: { 200: Anything, ...failures },
      },
    },
    (request) => users.change(principalFor(request), request.params.id, request.body),
  );
  app.delete(
    `${path}/:id`,
    { schema: { summary: `Remove a user, ${words}`, tags, params: Id, response: { 200: Nothing, ...failures } } },
    async (request) => {
      await users.remove(principalFor(request), request.params.id);
      return {};
    },
  );
}

const Mode = Type.Enum([...fieldModes]);
const FieldPermission = Type.Object({
  entity: Type.String(),
  field: Type.String(),
  mode: Mode,
  by: Type.String({ description: 'What decided: rule, pii, default, derived, administrator' }),
  from: Type.Optional(Type.String()),
});
const Role = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  isBuiltIn: Type.Boolean(),
  permissions: Type.Array(Type.String()),
  scopes: Anything,
});

function addRoleRoutes(app: HttpServer, deps: SyncDependencies): void {
  const roles = createProgramRoles(deps);
  const tags = ['roles'];
  app.get(
    '/api/v1/admin/roles',
    {
      schema: {
        summary: 'All roles with their permissions and how far they reach; for administrators',
        tags,
        response: { 200: Type.Object({ roles: Type.Array(Role) }), ...failures },
      },
    },
    async (request) => {
      const all = await roles.list(principalOf(request));
      return {
        roles: all.map((role) => ({ ...role, permissions: [...role.permissions], scopes: { ...role.scopes } })),
      };
    },
  );
  app.get(
    '/api/v1/admin/permissions/me',
    {
      schema: {
        summary: 'What you may at this moment: permissions, reach, and fields you see otherwise than the record allows',
        tags,
        response: { 200: Anything, ...failures },
      },
    },
    (request) => ({ ...rightsOf(principalOf(request).actor) }),
  );
  addFieldRoutes(app, deps);
}

function addFieldRoutes(app: HttpServer, deps: SyncDependencies): void {
  const roles = createProgramRoles(deps);
  const tags = ['roles'];
  const path = '/api/v1/roles/:id/field-permissions';
  app.get(
    path,
    {
      schema: {
        summary: 'What a role sees of every field that can be governed, and what decided it; for administrators',
        tags,
        params: Id,
        response: { 200: Type.Object({ permissions: Type.Array(FieldPermission) }), ...failures },
      },
    },
    async (request) => ({ permissions: [...(await roles.readFields(principalOf(request), request.params.id))] }),
  );
  app.post(
    path,
    {
      schema: {
        summary: 'A rule for one field of a role; `mode` null takes it back',
        tags,
        params: Id,
        body: Type.Object(
          {
            entity: Type.String({ minLength: 1, maxLength: 32 }),
            field: Type.String({ minLength: 1, maxLength: 64 }),
            mode: Type.Union([Mode, Type.Null()]),
          },
          { additionalProperties: false },
        ),
        response: { 200: FieldPermission, ...failures },
      },
    },
    (request) => roles.writeField(principalOf(request), request.params.id, request.body),
  );
}
