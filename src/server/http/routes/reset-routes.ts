import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { ResetLinkSchema, ResetSchema, ResetWishSchema } from '#shared/sync/sign-in-messages.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { addPasswordPage } from '#server/http/pages/choose-password-page.ts';
import { resetPage } from '#server/http/pages/reset-page.ts';
import type { PasswordReset } from '#server/identity/password-reset.ts';

const flood = { max: 60, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Nothing = Type.Object({}, { additionalProperties: false });

export function addResetRoutes(app: HttpServer, reset: PasswordReset): void {
  addPasswordPage(app, resetPage);
  app.post(
    '/api/v1/auth/reset',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Ask for a link to a new password; the answer is the same whether the address is known or not',
        tags: ['identity'],
        security: [],
        body: ResetWishSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await reset.ask(request.body.email, request.ip);
      return {};
    },
  );
  app.post(
    '/api/v1/auth/reset/check',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Whether such a link still works; it is not used up, and the answer says nothing else',
        tags: ['identity'],
        security: [],
        body: ResetLinkSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await reset.check({ ...request.body, address: request.ip });
      return {};
    },
  );
  app.post(
    '/api/v1/auth/reset/complete',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'A new password with the code of such a link; every session of the account ends, none is opened',
        tags: ['identity'],
        security: [],
        body: ResetSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await reset.complete({ ...request.body, address: request.ip });
      return {};
    },
  );
}
