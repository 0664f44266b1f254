import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  BrowserBackSchema,
  PageAddressSchema,
  PasskeyForChallengeSchema,
  PasskeySignInSchema,
} from '#shared/sync/sign-in-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { addPasskeyPage } from '#server/http/pages/passkey-page.ts';
import type { Passkeys } from '#server/identity/passkeys/passkeys.ts';

const flood = { max: 60, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['identity'];
const Ticket = Type.String({ minLength: 1, maxLength: 4096 });
/** What it has to be is checked by the library, and every byte of it by its signature. */
const Credential = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 1400 }), type: Type.Literal('public-key') },
  { additionalProperties: true },
);

export function addPasskeyRoutes(app: HttpServer, passkeys: Passkeys): void {
  addPasskeyPage(app);
  app.post(
    '/api/v1/auth/factors/passkey',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'Begin to add a passkey: the address of a page for the browser of the system',
        tags,
        body: Type.Object({ back: BrowserBackSchema }, { additionalProperties: false }),
        response: { 200: PageAddressSchema, ...failures },
      },
    },
    (request) => passkeys.beginAdd(principalOf(request), request.body.back),
  );
  app.post(
    '/api/v1/auth/prove/passkey',
    {
      config: { rateLimit: flood },
      schema: {
        summary:
          'Begin to show once more who you are, with a passkey: the address of a page for the browser of the system',
        description:
          'The browser comes back to a loopback address of the computer with the `pageCode` for `/api/v1/auth/prove`.',
        tags,
        body: Type.Object({ back: BrowserBackSchema }, { additionalProperties: false }),
        response: { 200: PageAddressSchema, ...failures },
      },
    },
    (request) => passkeys.beginProve(principalOf(request), request.body.back),
  );
  const open = { access: 'public', rateLimit: flood } as const;
  app.post(
    '/api/v1/auth/challenge/passkey',
    {
      config: open,
      schema: {
        summary: 'Answer a challenge with a passkey: the address of a page for the browser of the system',
        tags,
        security: [],
        body: PasskeyForChallengeSchema,
        response: { 200: PageAddressSchema, ...failures },
      },
    },
    (request) => passkeys.beginConfirm(request.body),
  );
  app.post(
    '/api/v1/auth/passkey',
    {
      config: open,
      schema: {
        summary: 'Begin to sign in with a passkey alone: the address of a page for the browser of the system',
        description:
          'The browser comes back to a loopback address of the computer with the key of a challenge, which is answered with the secret whose hash was given here.',
        tags,
        security: [],
        body: PasskeySignInSchema,
        response: { 200: PageAddressSchema, ...failures },
      },
    },
    (request) => passkeys.beginEnter(request.body),
  );
  app.post(
    '/api/v1/auth/passkey/options',
    {
      config: open,
      schema: {
        summary: 'For the page: what to ask the authenticator',
        tags,
        security: [],
        body: Type.Object({ ticket: Ticket }, { additionalProperties: false }),
        response: {
          200: Type.Object({ kind: Type.String(), options: Type.Object({}, { additionalProperties: true }) }),
          ...failures,
        },
      },
    },
    (request) => passkeys.readOptions(request.body.ticket),
  );
  app.post(
    '/api/v1/auth/passkey/finish',
    {
      config: open,
      schema: {
        summary: 'For the page: what the authenticator answered',
        tags,
        security: [],
        body: Type.Object(
          { ticket: Ticket, credential: Credential, name: Type.String({ maxLength: 80 }) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ redirect: Type.String() }), ...failures },
      },
    },
    (request) => {
      const { ticket, name } = request.body;
      const credential = request.body.credential as unknown as AuthenticationResponseJSON | RegistrationResponseJSON;
      return passkeys.finish({ ticket, name, credential, address: request.ip });
    },
  );
}
