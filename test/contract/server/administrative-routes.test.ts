// What a role may not do is not possible by the API either: every administrative route of the description, asked with the token of
// somebody who administers nothing and a body of the right shape. A new route below these addresses is asked, too.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}
interface Route {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The least that has this shape, patterns aside. */
function leastOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) return leastOf(schema.anyOf[0] ?? {});
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, leastOf(schema.properties?.[name] ?? {})]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => leastOf(schema.items ?? {}));
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'string':
      return 'x'.repeat(Math.max(1, schema.minLength ?? 1));
    case undefined:
    default:
      return {};
  }
}

const administrative = new RegExp(
  `^(?:/metrics$|/api/(?:health/detailed|monitoring/|admin/|v1/(?:${[
    'platform/',
    'audit/',
    'jobs',
    'alerts',
    'diagnosis',
    'monitoring/',
    'profile',
    'organization/(?:sign-in|standing|policies|support|access)',
    'drafting/setup',
    'mail/',
    'api-keys/all',
    'webhooks',
    'usage/people',
    'users/\\{id\\}/',
    'admin/(?!permissions/me)',
    'fields/',
    'privacy/',
    'roles/',
  ].join('|')})))`,
);
/** A person asks no more than so often, to stay below the limit of a minute. */
const EACH = 25;

/** What a role may ask of them by design. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  viewer: [],
  sales_rep: [],
  // Whoever may change campaigns may hand in what came back of them.
  manager: ['POST /api/v1/mail/bounces'],
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await createOrganizationWith(server, 'north', [{ id: 'ada', role: 'super_admin' }]);
  await createOrganizationWith(server, 'south', [
    { id: 'sue', role: 'org_admin' },
    ...Object.keys(allowed).flatMap((role) =>
      Array.from({ length: 8 }, (_, at) => ({ id: `${role}-${String(at)}`, role })),
    ),
  ]);
});
afterAll(() => server.remove());

it.each(Object.entries(allowed))(
  'PER-06 IDT-24 a %s gets nothing from administrative routes but what its role is for',
  async (role, may) => {
    const { paths } = (await call(server, '/api/openapi.json')).body as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Route>>>>;
    };
    const tokens: string[] = [];
    for (let at = 0; at < 8; at += 1) tokens.push((await signIn(server, `${role}-${String(at)}`)).accessToken);
    const routes = Object.entries(paths)
      .filter(([path]) => administrative.test(path))
      .flatMap(([path, methods]) => Object.entries(methods).map(([method, route]) => ({ path, method, route })));
    const letIn: string[] = [];
    const granted: string[] = [];
    let forbidden = 0;
    for (const [at, { path, method, route }] of routes.entries()) {
      const query = (route.parameters ?? [])
        .filter((parameter) => parameter.in === 'query' && parameter.required === true)
        .map(({ name, schema }) => `${name}=${String(leastOf(schema))}`)
        .join('&');
      const schema = route.requestBody?.content['application/json']?.schema;
      const answer = await call(server, `${path.replaceAll(/\{[^}]+\}/g, 'sue')}?${query}`, {
        method: method.toUpperCase(),
        token: tokens[Math.floor(at / EACH)] ?? '',
        ...(schema === undefined ? {} : { body: leastOf(schema) }),
      });
      const asked = `${method.toUpperCase()} ${path}`;
      if (codeOf(answer) === 'action_forbidden') forbidden += 1;
      else if (may.includes(asked) && answer.status < 300) granted.push(asked);
      // Some bodies have patterns: what is not shaped is not looked at, by nobody.
      else if (!answer.text.includes('The request is not shaped as expected.'))
        letIn.push(`${asked}: ${String(answer.status)} ${answer.text.slice(0, 80)}`);
    }
    expect(letIn).toEqual([]);
    expect(granted).toEqual(may);
    expect(forbidden).toBeGreaterThan(90);
  },
);
