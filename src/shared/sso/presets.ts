// What is known of providers beforehand, so that an administrator only types what differs from one organization to the next.
import type { OidcSettings } from '#shared/sync/sso-messages.ts';

type Preset = OidcSettings['preset'];

/** Of Entra ID, for the accounts of more than one organization: everybody could come with any address. */
const MANY_TENANTS =
  /^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)(\/|$)/i;

const starts: Readonly<Record<Preset, Omit<OidcSettings, 'preset' | 'clientId'>>> = {
  google: { issuer: 'https://accounts.google.com', scopes: '', groupsClaim: '', emailsAreVerified: false },
  microsoft: {
    issuer: 'https://login.microsoftonline.com/TENANT-ID/v2.0',
    scopes: '',
    groupsClaim: 'roles',
    emailsAreVerified: true,
  },
  okta: { issuer: 'https://COMPANY.okta.com', scopes: 'groups', groupsClaim: 'groups', emailsAreVerified: false },
  generic: { issuer: '', scopes: '', groupsClaim: 'groups', emailsAreVerified: false },
};

/** A form begins with it. */
export function startOfPreset(preset: Preset): OidcSettings {
  return { preset, clientId: '', ...starts[preset] };
}

/** What is wrong with the issuer, as a problem code; null when nothing is. */
export function findIssuerProblem({
  preset,
  issuer,
}: OidcSettings): 'manyTenants' | 'notFilledIn' | 'notAnAddress' | null {
  if (MANY_TENANTS.test(issuer)) return 'manyTenants';
  if (preset !== 'generic' && /TENANT-ID|COMPANY/.test(issuer)) return 'notFilledIn';
  return /^https?:\/\/[^\s/@]+(\/\S*)?$/i.test(issuer) ? null : 'notAnAddress';
}
