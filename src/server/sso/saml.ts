// SAML 2.0 as a service provider: a request that is answered once, an assertion that is signed with a key of this provider, for
// this server, in answer to this request, now. What the signature covers is all that is read. The library checks signature,
// audience and times; what it leaves to its user (issuer, recipient, subject confirmation, weak algorithms) is checked here.
import { randomBytes } from 'node:crypto';
import { SAML, ValidateInResponseTo, type Profile } from '@node-saml/node-saml';
import type { SamlSettings } from '#shared/sync/sso-messages.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { certificatesOf } from '#server/sso/certificates.ts';
import type { FlowSecrets } from '#server/sso/flows.ts';
import { refuseSso, textsOf, type ProvenIdentity } from '#server/sso/proven-identity.ts';

/** Clocks of two companies. */
const SKEW_MS = 60_000;
const strongContexts: readonly string[] = [
  'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract',
  'https://refeds.org/profile/mfa',
  'http://schemas.microsoft.com/claims/multipleauthn',
];
const goodSignatures = /^http:\/\/www\.w3\.org\/2001\/04\/xmldsig-more#(rsa|ecdsa)-sha(256|384|512)$/;

export interface SamlPlaces {
  /** Entity id of this server. */
  readonly entityId: string;
  /** Where answers are sent. */
  readonly replyAddress: string;
}

export function samlPlacesOf(publicAddress: string): SamlPlaces {
  return { entityId: `${publicAddress}/sso/saml`, replyAddress: `${publicAddress}/sso/saml/reply` };
}

export function createSamlSecrets(): FlowSecrets {
  return { verifier: '', nonce: '', requestId: `_${randomBytes(20).toString('hex')}` };
}

function openSaml(settings: SamlSettings, places: SamlPlaces, requestId: string): SAML {
  const since = new Date().toISOString();
  return new SAML({
    entryPoint: settings.entryPoint,
    idpIssuer: settings.idpIssuer,
    idpCert: certificatesOf(settings.certificates),
    issuer: places.entityId,
    audience: places.entityId,
    callbackUrl: places.replyAddress,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    wantAssertionsSigned: true,
    // Some sign the assertion alone; what is read is always what is signed.
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: SKEW_MS,
    generateUniqueId: () => requestId,
    validateInResponseTo: ValidateInResponseTo.always,
    // One request, which this flow sent.
    cacheProvider: {
      saveAsync: async (_key, value) => ({ value, createdAt: Date.now() }),
      getAsync: async (key) => (key === requestId ? since : null),
      removeAsync: async (key) => key,
    },
  });
}

export function samlMetadata(places: SamlPlaces): string {
  const placeholder: SamlSettings = {
    metadataAddress: '',
    entryPoint: places.entityId,
    idpIssuer: '',
    certificates: 'none',
    emailAttribute: '',
    nameAttribute: '',
    groupsAttribute: '',
  };
  return openSaml(placeholder, places, '_').generateServiceProviderMetadata(null);
}

export function addressAtSamlProvider(
  settings: SamlSettings,
  places: SamlPlaces,
  asked: { readonly relayState: string; readonly secrets: FlowSecrets },
): Promise<string> {
  return openSaml(settings, places, asked.secrets.requestId).getAuthorizeUrlAsync(asked.relayState, undefined, {});
}

export interface SamlAnswer {
  readonly identity: ProvenIdentity;
  readonly assertionId: string;
  /** Until when somebody would take it again. */
  readonly untilMs: number;
}

/** @throws OutpostError `sso_refused` */
export async function readSamlAnswer(
  settings: SamlSettings,
  places: SamlPlaces,
  samlResponse: string,
  expected: { readonly secrets: FlowSecrets; readonly nowMs: number },
): Promise<SamlAnswer> {
  if (!hasGoodSignatures(samlResponse)) throw refuseSso('wrongAnswer');
  const profile = await validate(settings, places, samlResponse, expected.secrets.requestId);
  const assertion = partOf(profile.getAssertion?.() ?? {}, 'Assertion');
  if (textOf(partOf(assertion, 'Issuer')) !== settings.idpIssuer) throw refuseSso('wrongAnswer');
  const untilMs = confirmSubject(assertion, places, expected);
  const assertionId = attributeOf(assertion, 'ID');
  if (assertionId === '') throw refuseSso('wrongAnswer');
  return { identity: toIdentity(profile, assertion, settings), assertionId, untilMs: untilMs + SKEW_MS };
}

async function validate(
  settings: SamlSettings,
  places: SamlPlaces,
  samlResponse: string,
  requestId: string,
): Promise<Profile> {
  let found: Profile | null;
  try {
    ({ profile: found } = await openSaml(settings, places, requestId).validatePostResponseAsync({
      SAMLResponse: samlResponse,
    }));
  } catch (error) {
    const isRefusal = error instanceof Error && error.name === 'SamlStatusError';
    throw refuseSso(isRefusal || isStatusError(error) ? 'cancelled' : 'wrongAnswer', error);
  }
  if (found === null) throw refuseSso('cancelled');
  return found;
}

function isStatusError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('SAML provider returned');
}

/** SHA-1 and keys that are shared are nothing to rely on. */
function hasGoodSignatures(samlResponse: string): boolean {
  const xml = Buffer.from(samlResponse, 'base64').toString('utf8');
  // A document type can bring in entities, and no answer needs one.
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) return false;
  const methods = [...xml.matchAll(/<(?:[\w-]+:)?SignatureMethod\b[^>]*?\bAlgorithm\s*=\s*["']([^"']*)["']/g)];
  const isStatus = !/<(?:[\w-]+:)?(?:Encrypted)?Assertion\b/.test(xml);
  return (methods.length > 0 || isStatus) && methods.every(([, algorithm = '']) => goodSignatures.test(algorithm));
}

/** A bearer confirmation for this address, in answer to our request, that is not over. Answers until when it is good. */
function confirmSubject(
  assertion: unknown,
  places: SamlPlaces,
  { secrets, nowMs }: { readonly secrets: FlowSecrets; readonly nowMs: number },
): number {
  const confirmations = listOf(partOf(assertion, 'Subject'), 'SubjectConfirmation');
  const limits = confirmations.flatMap((confirmation) => {
    const data = partOf(confirmation, 'SubjectConfirmationData');
    const untilMs = Date.parse(attributeOf(data, 'NotOnOrAfter'));
    const isGood =
      attributeOf(confirmation, 'Method') === 'urn:oasis:names:tc:SAML:2.0:cm:bearer' &&
      attributeOf(data, 'Recipient') === places.replyAddress &&
      attributeOf(data, 'InResponseTo') === secrets.requestId &&
      untilMs > nowMs - SKEW_MS;
    return isGood ? [untilMs] : [];
  });
  if (limits.length === 0) throw refuseSso('wrongAnswer');
  return Math.max(...limits);
}

function toIdentity(profile: Profile, assertion: unknown, settings: SamlSettings): ProvenIdentity {
  const attributes = isPlainObject(profile['attributes']) ? profile['attributes'] : {};
  const read = (name: string): readonly string[] => (name === '' ? [] : textsOf(attributes[name]));
  const [email = null] = settings.emailAttribute === '' ? textsOf(profile.nameID) : read(settings.emailAttribute);
  const [name = null] = read(settings.nameAttribute);
  // A transient name is another one each time.
  const isLasting = !(profile.nameIDFormat ?? '').endsWith(':transient');
  const [subject] = isLasting ? textsOf(profile.nameID) : textsOf(email?.toLowerCase());
  if (subject === undefined) throw refuseSso('wrongAnswer');
  const context = textOf(partOf(partOf(partOf(assertion, 'AuthnStatement'), 'AuthnContext'), 'AuthnContextClassRef'));
  // The directory of the organization itself: it knows the addresses of its own domains.
  return {
    subject,
    email,
    isEmailVerified: true,
    name,
    groups: read(settings.groupsAttribute),
    isStrong: strongContexts.includes(context),
  };
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found: unknown = isPlainObject(value) ? value[name] : undefined;
  return Array.isArray(found) ? found : found === undefined ? [] : [found];
}

function partOf(value: unknown, name: string): unknown {
  return listOf(value, name)[0];
}

function attributeOf(value: unknown, name: string): string {
  const attributes: unknown = isPlainObject(value) ? value['$'] : undefined;
  const found: unknown = isPlainObject(attributes) ? attributes[name] : undefined;
  return typeof found === 'string' ? found : '';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const found: unknown = isPlainObject(value) ? value['_'] : undefined;
  return typeof found === 'string' ? found : '';
}
