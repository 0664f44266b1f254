// The public side of single sign-on: what an address signs in with, the two stops of the browser on its way, and the exchange
// of what it brought back. A browser that comes without a sign-in on its way sees a page that says so.
import { Type } from 'typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import { ErrorResponseSchema, SessionGrantSchema } from '#shared/sync/messages.ts';
import {
  AddressSchema,
  AddressWaysSchema,
  BeginSsoSchema,
  BegunSsoSchema,
  DirectorySignInSchema,
  FinishSsoSchema,
} from '#shared/sync/sso-messages.ts';
import { SignInChallengeSchema } from '#shared/sync/sign-in-messages.ts';
import { sendAdmission } from '#server/http/send-admission.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { languageOfRequest, markup, sendPage } from '#server/http/pages/page.ts';
import type { SingleSignOn } from '#server/sso/single-sign-on.ts';
import { openTexts } from '#server/words/open-texts.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';

const flood = { max: 120, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['identity'];
const open = { config: { access: 'public', rateLimit: flood } } as const;
/** An answer of SAML carries all groups of a person, and its signature. */
const ANSWER_LIMIT_BYTES = 512 * 1024;

export function addSsoRoutes(app: HttpServer, sso: SingleSignOn): void {
  addProgramRoutes(app, sso);
  app.get(
    '/sso/leave',
    { ...open, schema: { hide: true, querystring: Type.Object({ flow: Type.String({ maxLength: 200 }) }) } },
    (request, reply) => onward(request, reply, () => sso.leave(request.query.flow)),
  );
  app.get('/sso/oidc/reply', { ...open, schema: { hide: true } }, (request, reply) => {
    const query = request.url.split('?')[1] ?? '';
    const state = new URLSearchParams(query).get('state') ?? '';
    return onward(request, reply, () => sso.arrive(state, { kind: 'oidc', query }));
  });
  // Forms are read here and nowhere else.
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: ANSWER_LIMIT_BYTES },
      (_request, body, done) => done(null, String(body)),
    );
    scope.post(
      '/sso/saml/reply',
      { ...open, bodyLimit: ANSWER_LIMIT_BYTES, schema: { hide: true } },
      (request, reply) => {
        const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
        const samlResponse = form.get('SAMLResponse') ?? '';
        return onward(request, reply, () => sso.arrive(form.get('RelayState') ?? '', { kind: 'saml', samlResponse }));
      },
    );
  });
}

function addProgramRoutes(app: HttpServer, sso: SingleSignOn): void {
  app.post(
    '/api/v1/auth/ways',
    {
      ...open,
      schema: {
        summary: 'With what an address can sign in',
        description: 'By its domain alone: the answer is the same whether or not there is an account.',
        tags,
        security: [],
        body: AddressSchema,
        response: { 200: AddressWaysSchema, ...failures },
      },
    },
    (request) => sso.waysOf(request.body.email),
  );
  app.post(
    '/api/v1/auth/sso',
    {
      ...open,
      schema: {
        summary: 'Begin to sign in with a provider, in the browser of this computer',
        description:
          'The browser is opened at `/sso/leave?flow=…` of this server. It comes back to `redirectUri` with a `code`, which `/api/v1/auth/sso/finish` exchanges with the verifier of `codeChallenge` (S256), or with an `error`.',
        tags,
        security: [],
        body: BeginSsoSchema,
        response: { 200: BegunSsoSchema, ...failures },
      },
    },
    (request) => sso.begin(request.body),
  );
  app.post(
    '/api/v1/auth/sso/finish',
    {
      ...open,
      schema: {
        summary: 'Exchange what the browser brought back, once, for a session',
        tags,
        security: [],
        body: FinishSsoSchema,
        response: { 200: SessionGrantSchema, 202: SignInChallengeSchema, ...failures },
      },
    },
    async (request, reply) => sendAdmission(reply, await sso.finish({ ...request.body, address: request.ip })),
  );
  app.post(
    '/api/v1/auth/directory',
    {
      ...open,
      schema: {
        summary: 'Start a session with the password of the directory (LDAP, Active Directory)',
        tags,
        security: [],
        body: DirectorySignInSchema,
        response: { 200: SessionGrantSchema, 202: SignInChallengeSchema, ...failures },
      },
    },
    async (request, reply) =>
      sendAdmission(reply, await sso.signInWithDirectory({ ...request.body, address: request.ip })),
  );
}

/** Sends the browser on, or shows why it goes nowhere. */
async function onward(
  request: FastifyRequest,
  reply: FastifyReply,
  find: () => Promise<string>,
): Promise<FastifyReply> {
  try {
    return await reply.redirect(await find(), 303);
  } catch (error) {
    if (!(error instanceof OutpostError)) throw error;
    request.log.warn({ err: error }, 'a sign-in in the browser ended');
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    const body = markup`<p>${t(`errors.${error.code}`)}</p><p>${t('pages.signInAgain')}</p>`;
    return sendPage(reply.code(400), { language, title: t('pages.signInEnded'), body });
  }
}
