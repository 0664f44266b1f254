import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  AcceptanceSchema,
  InvitationPlaceSchema,
  InvitationRequestSchema,
  SentInvitationSchema,
} from '#shared/sync/people-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { addPasswordPage } from '#server/http/pages/choose-password-page.ts';
import { joinPage } from '#server/http/pages/join-page.ts';
import type { InvitationAcceptance } from '#server/identity/accept-invitation.ts';
import type { Invitations } from '#server/identity/invitations.ts';

/** Each answer costs a password hash, and a mail. */
const flood = { max: 120, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Person = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Nothing = Type.Object({}, { additionalProperties: false });

interface InvitationRoutes {
  readonly invitations: Invitations;
  readonly acceptance: InvitationAcceptance;
}

export function addInvitationRoutes(app: HttpServer, { invitations, acceptance }: InvitationRoutes): void {
  addPasswordPage(app, joinPage);
  app.post(
    '/api/v1/users/:id/invitation',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'Invite a user who has no password yet, the first time or again',
        description:
          'For administrators. With `byMail` the link goes to the address of the user, and code and link are null in the answer; when it cannot be mailed, `hindrance` says why and the answer holds them, to be passed on. The link works once, for seven days, and replaces an earlier one.',
        tags: ['identity'],
        params: Person,
        body: InvitationRequestSchema,
        response: { 200: SentInvitationSchema, ...failures },
      },
    },
    (request) => invitations.invite(principalOf(request), request.params.id, request.body.byMail),
  );
  app.delete(
    '/api/v1/users/:id/invitation',
    {
      schema: {
        summary: 'Withdraw an invitation that was not accepted yet',
        tags: ['identity'],
        params: Person,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await invitations.withdraw(principalOf(request), request.params.id);
      return {};
    },
  );
  app.post(
    '/api/v1/auth/accept-invitation/check',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Whether the link of an invitation still works; it is not used up',
        tags: ['identity'],
        security: [],
        body: InvitationPlaceSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await acceptance.check({ ...request.body, address: request.ip });
      return {};
    },
  );
  app.post(
    '/api/v1/auth/accept-invitation',
    {
      config: { access: 'public', rateLimit: flood },
      schema: {
        summary: 'Set the own password with the code of an invitation; opens no session',
        tags: ['identity'],
        security: [],
        body: AcceptanceSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await acceptance.accept({ ...request.body, address: request.ip });
      return {};
    },
  );
}
