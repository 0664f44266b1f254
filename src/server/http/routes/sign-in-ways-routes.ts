import { Type } from 'typebox';
import { ErrorResponseSchema, OneTimePasswordSchema, SignInWaysSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { OneTimePasswords } from '#server/identity/one-time-passwords.ts';

/** Each answer costs a password hash. */
const flood = { max: 60, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

export function addSignInWaysRoutes(app: HttpServer, oneTimePasswords: OneTimePasswords): void {
  app.get(
    '/api/v1/users/sign-in-ways',
    {
      schema: {
        summary: 'How the users sign in whose password you may replace',
        description:
          '`none`: cannot sign in yet; `oneTime`: has a one-time password; `expired`: has one that is too old; `own`: chose a password. Empty for everyone but administrators.',
        tags: ['identity'],
        response: { 200: SignInWaysSchema, ...failures },
      },
    },
    async (request) => ({ users: await oneTimePasswords.listWays(principalOf(request).actor) }),
  );
  app.post(
    '/api/v1/users/:id/one-time-password',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'Give a user a one-time password, the first one or a new one',
        description:
          'For administrators. The password is in this answer and nowhere else; it is valid for seven days and must be replaced at the first sign-in. The password before and every session of the user end. Written to the audit without the password.',
        tags: ['identity'],
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: OneTimePasswordSchema, ...failures },
      },
    },
    (request) => oneTimePasswords.give(principalOf(request), request.params.id, 'giveOneTimePassword'),
  );
}
