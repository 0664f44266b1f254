// What administrators set up for single sign-on, and the test of it.
import { Type } from 'typebox';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import {
  AskMetadataSchema,
  BeginTrySchema,
  BegunSsoSchema,
  BreakGlassSchema,
  DirectoryTrySchema,
  DomainNameSchema,
  FinishTrySchema,
  FoundMetadataSchema,
  PasswordOffSchema,
  ProviderInputSchema,
  ProviderSchema,
  SsoOverviewSchema,
  SsoTrialSchema,
} from '#shared/sync/sso-messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import type { ManageSso } from '#server/sso/manage-sso.ts';
import type { ServiceKey } from '#server/sso/service-key.ts';
import type { SingleSignOn } from '#server/sso/single-sign-on.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['organization'];
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Domain = Type.Object({ domain: Type.String({ minLength: 1, maxLength: 253 }) });
const overview = { response: { 200: SsoOverviewSchema, ...failures } };
const base = '/api/v1/organization/sign-in';

export function addSsoSettingsRoutes(app: HttpServer, manage: ManageSso, sso: SingleSignOn): void {
  app.get(
    base,
    { schema: { summary: 'Providers and domains your organization signs in with', tags, ...overview } },
    (request) => manage.overview(principalOf(request)),
  );
  addProviderRoutes(app, manage);
  addTrialRoutes(app, sso);
  app.post(
    `${base}/domains`,
    {
      schema: {
        summary: 'Name an own domain; it counts once it is verified',
        tags,
        body: DomainNameSchema,
        ...overview,
      },
    },
    (request) => manage.addDomain(principalOf(request), request.body.domain),
  );
  app.post(
    `${base}/domains/:domain/verify`,
    {
      config: { rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: { summary: 'Look for the record in the DNS', tags, params: Domain, ...overview },
    },
    (request) => manage.verifyDomain(principalOf(request), request.params.domain),
  );
  app.delete(
    `${base}/domains/:domain`,
    { schema: { summary: 'Give up a domain', tags, params: Domain, ...overview } },
    (request) => manage.removeDomain(principalOf(request), request.params.domain),
  );
  app.put(
    `${base}/domains/:domain/password`,
    {
      schema: {
        summary: 'Switch passwords off or on for a domain',
        tags,
        params: Domain,
        body: PasswordOffSchema,
        ...overview,
      },
    },
    (request) => manage.setPasswordOff(principalOf(request), request.params.domain, request.body.passwordOff),
  );
  app.put(
    `${base}/break-glass`,
    {
      schema: {
        summary: 'Choose the administrator who keeps a password whatever happens',
        tags,
        body: BreakGlassSchema,
        ...overview,
      },
    },
    (request) => manage.setBreakGlass(principalOf(request), request.body.userId),
  );
}

function addProviderRoutes(app: HttpServer, manage: ManageSso): void {
  app.post(
    `${base}/providers`,
    {
      schema: {
        summary: 'Add an identity provider',
        description: 'The secret is sealed and never answered.',
        tags,
        body: ProviderInputSchema,
        response: { 200: ProviderSchema, ...failures },
      },
    },
    (request) => manage.save(principalOf(request), null, request.body),
  );
  app.put(
    `${base}/providers/:id`,
    {
      schema: {
        summary: 'Change an identity provider',
        description: 'Without `secret` the one that is kept stays, unless the provider is another one.',
        tags,
        params: Id,
        body: ProviderInputSchema,
        response: { 200: ProviderSchema, ...failures },
      },
    },
    (request) => manage.save(principalOf(request), request.params.id, request.body),
  );
  app.post(
    `${base}/metadata`,
    {
      config: { rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        summary: 'Read what a SAML provider publishes; nothing is kept',
        description: 'By its address, or from the text of the file.',
        tags,
        body: AskMetadataSchema,
        response: { 200: FoundMetadataSchema, ...failures },
      },
    },
    (request) => manage.readMetadata(principalOf(request), request.body),
  );
  app.delete(
    `${base}/providers/:id`,
    { schema: { summary: 'Remove an identity provider', tags, params: Id, ...overview } },
    (request) => manage.remove(principalOf(request), request.params.id),
  );
}

function addTrialRoutes(app: HttpServer, sso: SingleSignOn): void {
  const limited = { config: { rateLimit: { max: 30, timeWindow: '1 minute' } } };
  app.post(
    `${base}/providers/:id/try`,
    {
      ...limited,
      schema: {
        summary: 'Begin to try a provider in the browser; nobody is signed in',
        tags,
        params: Id,
        body: BeginTrySchema,
        response: { 200: BegunSsoSchema, ...failures },
      },
    },
    (request) => sso.beginTrial(principalOf(request), request.params.id, request.body),
  );
  app.post(
    `${base}/try/finish`,
    {
      ...limited,
      schema: {
        summary: 'What the provider said in the test',
        tags,
        body: FinishTrySchema,
        response: { 200: SsoTrialSchema, ...failures },
      },
    },
    (request) => sso.finishTrial(principalOf(request), request.body),
  );
  app.post(
    `${base}/providers/:id/try-directory`,
    {
      ...limited,
      schema: {
        summary: 'Ask the directory for somebody; nobody is signed in',
        tags,
        params: Id,
        body: DirectoryTrySchema,
        response: { 200: SsoTrialSchema, ...failures },
      },
    },
    (request) => sso.tryDirectory(principalOf(request), request.params.id, request.body),
  );
}

/** What a SAML provider can be told by its address. */
export function addSamlMetadata(
  app: HttpServer,
  publicAddress: PublicAddress,
  readKey: () => Promise<ServiceKey>,
): void {
  app.get('/sso/saml', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    const origin = publicAddress();
    if (origin === null) return reply.code(404).type('text/plain').serializer(String).send('');
    const { samlMetadata, samlPlacesOf } = await import('#server/sso/saml.ts');
    return reply
      .type('application/samlmetadata+xml; charset=utf-8')
      .serializer(String)
      .send(samlMetadata({ places: samlPlacesOf(origin), key: await readKey() }));
  });
}
