import { Type } from 'typebox';
import {
  ErrorResponseSchema,
  NewPasswordSchema,
  RefreshRequestSchema,
  SessionGrantSchema,
  SessionListSchema,
  SignInRequestSchema,
} from '#shared/sync/messages.ts';
import {
  ChallengeAnswerSchema,
  ChallengePlaceSchema,
  SignInChallengeSchema,
  SignInHistorySchema,
  TotpSetupSchema,
} from '#shared/sync/sign-in-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { sendAdmission } from '#server/http/send-admission.ts';
import type { Identity } from '#server/identity/create-identity.ts';

/** A wall against floods before any work is done; the limits on guessing stand in identity/attempt-limits. */
const flood = { max: 300, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const PasswordChangeSchema = Type.Object(
  {
    currentPassword: Type.String({ minLength: 1, maxLength: 1024 }),
    newPassword: NewPasswordSchema,
  },
  { additionalProperties: false },
);
const Nothing = Type.Object({}, { additionalProperties: false });

function addSignInRoutes(app: HttpServer, identity: Identity): void {
  app.post(
    '/api/v1/auth/sign-in',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Start a session on a device',
        description:
          'Status 202 when more is owed: a second factor, a factor to set up, a new password. A one-time password given by an administrator needs `newPassword` with it: without, the answer is `password_change_required` and there is no session.',
        tags: ['identity'],
        security: [],
        body: SignInRequestSchema,
        response: { 200: SessionGrantSchema, 202: SignInChallengeSchema, ...failures },
      },
    },
    async (request, reply) => sendAdmission(reply, await identity.signIn({ ...request.body, address: request.ip })),
  );
  app.post(
    '/api/v1/auth/challenge',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Answer what is still owed after a first proof of identity',
        description:
          'Status 202 names the next thing that is owed, 200 is the session. Five wrong answers end the challenge.',
        tags: ['identity'],
        security: [],
        body: ChallengeAnswerSchema,
        response: { 200: SessionGrantSchema, 202: SignInChallengeSchema, ...failures },
      },
    },
    async (request, reply) => sendAdmission(reply, await identity.answer({ ...request.body, address: request.ip })),
  );
  app.post(
    '/api/v1/auth/challenge/totp',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Begin to set up an authenticator app, where that is owed',
        tags: ['identity'],
        security: [],
        body: ChallengePlaceSchema,
        response: { 200: TotpSetupSchema, ...failures },
      },
    },
    (request) => identity.beginTotp(request.body),
  );
  app.post(
    '/api/v1/auth/refresh',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Exchange a refresh token, once, for new tokens',
        description:
          'Using a refresh token a second time ends the session, unless the same device repeats the same request because the answer was lost.',
        tags: ['identity'],
        security: [],
        body: RefreshRequestSchema,
        response: { 200: SessionGrantSchema, ...failures },
      },
    },
    (request) => identity.refresh({ ...request.body, address: request.ip }),
  );
  app.post(
    '/api/v1/auth/sign-out',
    {
      schema: { summary: 'End the session of this call', tags: ['identity'], response: { 200: Nothing, ...failures } },
    },
    async (request) => {
      const { actor, sessionId } = principalOf(request);
      await identity.endSession(actor, sessionId);
      return {};
    },
  );
}

function addPasswordRoute(app: HttpServer, identity: Identity): void {
  app.post(
    '/api/v1/auth/change-password',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'Change your password; every other session of yours ends',
        tags: ['identity'],
        body: PasswordChangeSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      const { actor, sessionId } = principalOf(request);
      await identity.changePassword(actor, sessionId, { ...request.body, address: request.ip });
      return {};
    },
  );
}

export function addAuthRoutes(app: HttpServer, identity: Identity): void {
  addSignInRoutes(app, identity);
  addPasswordRoute(app, identity);
  app.get(
    '/api/v1/sessions',
    {
      schema: {
        summary: 'Your living sessions',
        tags: ['identity'],
        response: { 200: SessionListSchema, ...failures },
      },
    },
    async (request) => {
      const { actor, sessionId } = principalOf(request);
      return { sessions: await identity.listSessions(actor, sessionId) };
    },
  );
  app.get(
    '/api/v1/auth/sign-ins',
    {
      schema: {
        summary: 'Sign-ins to your account and attempts at it, of the last 180 days, newest first',
        tags: ['identity'],
        response: { 200: SignInHistorySchema, ...failures },
      },
    },
    async (request) => ({ events: await identity.listSignIns(principalOf(request).actor) }),
  );
  app.delete(
    '/api/v1/sessions/:id',
    {
      schema: {
        summary: 'End one of your sessions',
        tags: ['identity'],
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await identity.endSession(principalOf(request).actor, request.params.id);
      return {};
    },
  );
}
