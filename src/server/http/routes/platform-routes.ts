// The installation over HTTP: one route for each call of the table, with the permission that stands there. The caller is a super
// administrator of the operator's organization; of anybody else's rights, none over the installation are left (operator.ts).
import { Type, type TObject } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  pathFieldsOf,
  PLATFORM_PATH,
  platformCallNames,
  platformCalls,
  type PlatformCall,
} from '#shared/platform/platform-calls.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { By } from '#server/platform/platform-context.ts';
import type { PlatformWork } from '#server/platform/platform-work.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

function assertMay({ actor }: Principal, permission: PermissionName): void {
  if (actor.permissions.includes(permission)) return;
  throw new OutpostError('action_forbidden', 'Only the super administrators of this installation can do that.', {
    reason: 'platform',
  });
}

/** What of the input stands where: in the path, and in the query or the body. */
function schemaOf({ method, path, summary, input, answer }: PlatformCall<TObject>) {
  const inPath = pathFieldsOf(path);
  const fields = Object.entries(input.properties);
  const named = Object.fromEntries(fields.filter(([name]) => inPath.includes(name)));
  const rest = Type.Omit(input, inPath);
  return {
    summary,
    tags: ['platform'],
    ...(inPath.length === 0 ? {} : { params: Type.Object(named) }),
    ...(method === 'POST' || method === 'PUT' ? { body: rest } : { querystring: rest }),
    response: { 200: answer, ...failures },
  };
}

export function addPlatformRoutes(app: HttpServer, work: PlatformWork): void {
  for (const name of platformCallNames) {
    const call: PlatformCall = platformCalls[name];
    // What goes in was checked by the schemas of the same call.
    const run = work[name] as (input: unknown, by: By) => Promise<object>;
    app.route({
      method: call.method,
      url: `${PLATFORM_PATH}${call.path}`,
      preValidation: async (request) => assertMay(principalOf(request), call.permission),
      schema: schemaOf(call as PlatformCall<TObject>),
      handler: (request) => {
        const { actor, deviceId } = principalOf(request);
        const parts: readonly unknown[] = [request.params, request.query, request.body];
        const input: unknown = Object.assign({}, ...parts);
        return run(input, { userId: actor.userId, email: actor.email, deviceId });
      },
    });
  }
}
