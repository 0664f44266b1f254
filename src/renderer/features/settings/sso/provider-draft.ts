// A provider as it stands in the form: every kind begins with what is known of it.
import { startOfPreset } from '#shared/sso/presets.ts';
import type { LdapSettings, OidcSettings, Provider, ProviderInput, SamlSettings } from '#shared/sync/sso-messages.ts';

export type ProviderDraft = ProviderInput;
export type SamlProvider = Extract<Provider, { readonly kind: 'saml' }>;
/** What an administrator chooses from; the first four are OpenID Connect. */
export const providerTypes = ['google', 'microsoft', 'okta', 'generic', 'saml', 'ldap'] as const;
export type ProviderType = (typeof providerTypes)[number];

const samlStart: SamlSettings = {
  metadataAddress: '',
  entryPoint: '',
  idpIssuer: '',
  certificates: '',
  encryptedOnly: false,
  signsRequests: false,
  emailAttribute: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  nameAttribute: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  groupsAttribute: 'groups',
};

const ldapStart: LdapSettings = {
  host: '',
  port: 636,
  security: 'tls',
  authority: '',
  bindDn: '',
  baseDn: '',
  userFilter: '(&(objectClass=person)(mail={login}))',
  idAttribute: 'objectGUID',
  emailAttribute: 'mail',
  nameAttribute: 'displayName',
  groupBaseDn: '',
  groupFilter: '(member={dn})',
};

export const typeNames: Readonly<Record<ProviderType, string>> = {
  google: 'Google',
  microsoft: 'Microsoft',
  okta: 'Okta',
  generic: 'OpenID Connect',
  saml: 'SAML 2.0',
  ldap: 'LDAP / Active Directory',
};

export function typeOf(provider: Pick<ProviderInput, 'kind' | 'settings'>): ProviderType {
  if (provider.kind !== 'oidc') return provider.kind;
  return (provider.settings as OidcSettings).preset;
}

export function startDraft(type: ProviderType): ProviderDraft {
  const mapping = { rules: [], defaultRole: 'viewer', createsAccounts: true, updatesRoles: false };
  const common = { name: type === 'generic' || type === 'saml' ? '' : typeNames[type], isActive: false, mapping };
  if (type === 'saml') return { ...common, kind: 'saml', settings: samlStart };
  if (type === 'ldap') return { ...common, kind: 'ldap', settings: ldapStart };
  return { ...common, kind: 'oidc', settings: startOfPreset(type) };
}

/** Without what the server only tells. */
export function draftOf(provider: Provider): ProviderDraft {
  const { name, isActive, mapping } = provider;
  const common = { name, isActive, mapping };
  if (provider.kind === 'saml') return { ...common, kind: 'saml', settings: provider.settings };
  if (provider.kind === 'ldap') return { ...common, kind: 'ldap', settings: provider.settings };
  return { ...common, kind: 'oidc', settings: provider.settings };
}
