import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  FactorCodeSchema,
  MadePasskeySchema,
  OwnFactorsSchema,
  ProveAgainSchema,
  RecoveryCodesSchema,
  SignInHistorySchema,
  TotpSetupSchema,
  type ProveAgain,
} from '#shared/sync/sign-in-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { FactorAdministration } from '#server/identity/factors/administer-factors.ts';
import type { OwnFactorStore } from '#server/identity/factors/own-factors.ts';
import type { Principal } from '#server/identity/principal.ts';

const flood = { max: 120, timeWindow: '1 minute' };
const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['identity'];
const Nothing = Type.Object({}, { additionalProperties: false });
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export interface FactorRoutes {
  readonly own: OwnFactorStore;
  readonly administration: FactorAdministration;
  readonly prove: (principal: Principal, shown: ProveAgain & { readonly address: string }) => Promise<void>;
}

function addOwnFactorRoutes(app: HttpServer, { own, prove }: FactorRoutes): void {
  app.get(
    '/api/v1/auth/factors',
    { schema: { summary: 'How you sign in', tags, response: { 200: OwnFactorsSchema, ...failures } } },
    (request) => own.describe(principalOf(request)),
  );
  app.post(
    '/api/v1/auth/prove',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'Show once more who you are; for ten minutes you can change how you sign in',
        tags,
        body: ProveAgainSchema,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await prove(principalOf(request), { ...request.body, address: request.ip });
      return {};
    },
  );
  app.post(
    '/api/v1/auth/factors/totp',
    {
      config: { rateLimit: flood },
      schema: {
        summary:
          'Begin to set up an authenticator app; the one before stays in force until the first code of the new one',
        tags,
        response: { 200: TotpSetupSchema, ...failures },
      },
    },
    (request) => own.beginTotp(principalOf(request)),
  );
  app.post(
    '/api/v1/auth/factors/totp/confirm',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'The first code of the authenticator app; answers recovery codes with the first factor',
        tags,
        body: FactorCodeSchema,
        response: { 200: RecoveryCodesSchema, ...failures },
      },
    },
    async (request) => ({ recoveryCodes: [...(await own.confirmTotp(principalOf(request), request.body.code))] }),
  );
  app.post(
    '/api/v1/auth/factors/passkey/keep',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'The passkey that came back from its page; answers recovery codes with the first factor',
        description: 'A passkey that was made on the page counts for nothing before this.',
        tags,
        body: MadePasskeySchema,
        response: { 200: RecoveryCodesSchema, ...failures },
      },
    },
    async (request) => ({ recoveryCodes: [...(await own.keepPasskey(principalOf(request), request.body.pageCode))] }),
  );
  app.post(
    '/api/v1/auth/recovery-codes',
    {
      config: { rateLimit: flood },
      schema: {
        summary: 'New recovery codes; those before are void',
        tags,
        response: { 200: RecoveryCodesSchema, ...failures },
      },
    },
    async (request) => ({ recoveryCodes: [...(await own.renewRecoveryCodes(principalOf(request)))] }),
  );
  app.delete(
    '/api/v1/auth/factors/:id',
    { schema: { summary: 'Remove a factor of yours', tags, params: ById, response: { 200: Nothing, ...failures } } },
    async (request) => {
      await own.remove(principalOf(request), request.params.id);
      return {};
    },
  );
}

export function addFactorRoutes(app: HttpServer, routes: FactorRoutes): void {
  addOwnFactorRoutes(app, routes);
  app.get(
    '/api/v1/users/:id/sign-ins',
    {
      schema: {
        summary: 'Sign-ins of a user whose password you may replace, and attempts at it, of the last 180 days',
        tags,
        params: ById,
        response: { 200: SignInHistorySchema, ...failures },
      },
    },
    async (request) => ({
      events: await routes.administration.listSignIns(principalOf(request), request.params.id),
    }),
  );
  app.delete(
    '/api/v1/users/:id/factors',
    {
      schema: {
        summary: 'Take all factors and recovery codes of a user away who lost them; every session of the user ends',
        tags,
        params: ById,
        response: { 200: Nothing, ...failures },
      },
    },
    async (request) => {
      await routes.administration.removeAll(principalOf(request), request.params.id);
      return {};
    },
  );
}
