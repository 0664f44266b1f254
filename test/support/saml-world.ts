// A server, an organization with an administrator and a verified domain, and a SAML provider beside it.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ProviderInput, SamlSettings } from '#shared/sync/sso-messages.ts';
import { addDomain, markVerified } from '#server/sso/domains.ts';
import { startSamlProvider, type SamlTamper, type TestSamlProvider } from '#test/support/saml-provider.ts';
import { BACK, beginSso, finishSso } from '#test/support/sso-client.ts';
import {
  call,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

export interface SamlWorld {
  readonly server: TestServer;
  readonly idp: TestSamlProvider;
  readonly tenantId: TenantId;
  /** Of the administrator, good now whatever the clock says. */
  token(): Promise<string>;
  /** Settings that fit the provider, as somebody types them. */
  readonly settings: SamlSettings;
  /** A new provider, or the one of `id`. */
  save(settings: Partial<SamlSettings>, id?: string, mapping?: Partial<ProviderInput['mapping']>): Promise<Answer>;
  /** What the browser brings back, and what it is exchanged with. */
  visit(providerId: string, login: string): Promise<{ readonly back: URL; readonly verifier: string }>;
  enter(providerId: string, login: string): Promise<Answer>;
  /** `error reason` the browser brings back, `none ` when it brings none. */
  refusalOf(providerId: string, login: string, tamper?: SamlTamper): Promise<string>;
  remove(): Promise<void>;
}

export async function startSamlWorld(name: string): Promise<SamlWorld> {
  const server = await startServer({ allowPrivate: '127.0.0.1' });
  const tenantId = await createOrganizationWith(server, name, [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  const token = async (): Promise<string> => (await signIn(server, 'ada')).accessToken;
  const idp = await startSamlProvider({ entityId: `${server.url}/sso/saml`, reply: `${server.url}/sso/saml/reply` });
  idp.people.set('nora', { email: 'nora@example.test', name: 'Nora Ünal', groups: [] });
  await server.database.inTenant(tenantId, async (session) => {
    await addDomain(session, tenantId, 'example.test', 'token');
    await markVerified(session, tenantId, 'example.test', server.clock.now());
  });
  const settings: SamlSettings = {
    metadataAddress: '',
    entryPoint: idp.entryPoint,
    idpIssuer: idp.entityId,
    certificates: idp.certificate,
    encryptedOnly: false,
    signsRequests: false,
    emailAttribute: 'email',
    nameAttribute: 'displayName',
    groupsAttribute: 'groups',
  };

  async function visit(providerId: string, login: string): Promise<{ readonly back: URL; readonly verifier: string }> {
    const { leave, verifier } = await beginSso(server, '/api/v1/auth/sso', { email: 'x@example.test', providerId });
    return { back: await idp.signIn(leave, login, BACK), verifier };
  }

  return {
    server,
    idp,
    tenantId,
    token,
    settings,
    visit,
    async save(change, id, mapping = {}) {
      const input: ProviderInput = {
        kind: 'saml',
        name: 'Company SAML',
        isActive: true,
        settings: { ...settings, ...change },
        mapping: { rules: [], defaultRole: 'viewer', createsAccounts: true, updatesRoles: false, ...mapping },
      };
      const path = `/api/v1/organization/sign-in/providers${id === undefined ? '' : `/${id}`}`;
      return call(server, path, { method: id === undefined ? 'POST' : 'PUT', body: input, token: await token() });
    },
    async enter(providerId, login) {
      const { back, verifier } = await visit(providerId, login);
      return finishSso(server, back.searchParams.get('code') ?? back.search, verifier);
    },
    async refusalOf(providerId, login, tamper = {}) {
      idp.tamper = tamper;
      const { back } = await visit(providerId, login);
      idp.tamper = {};
      return `${back.searchParams.get('error') ?? 'none'} ${back.searchParams.get('reason') ?? ''}`;
    },
    async remove() {
      await idp.stop();
      await server.remove();
    },
  };
}
