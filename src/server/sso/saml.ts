// SAML 2.0 as a service provider: a request that is answered once, an assertion that is signed with a key of this provider, for
// this server, in answer to this request, now. What the signature covers is all that is read. The library checks signature,
// audience and times; what it leaves to its user (issuer, recipient, subject confirmation, weak algorithms) is checked here.
import { randomBytes } from 'node:crypto';
import { stringify } from 'node:querystring';
import { SAML, ValidateInResponseTo, type Profile } from '@node-saml/node-saml';
import type { SamlSettings } from '#shared/sync/sso-messages.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { certificatesOf } from '#server/sso/certificates.ts';
import type { FlowSecrets } from '#server/sso/flows.ts';
import { openAssertion } from '#server/sso/saml-encryption.ts';
import type { ServiceKey } from '#server/sso/service-key.ts';
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

/** This server, as providers know it. */
export interface SamlService {
  readonly places: SamlPlaces;
  readonly key: ServiceKey;
}

export function createSamlSecrets(): FlowSecrets {
  return { verifier: '', nonce: '', requestId: `_${randomBytes(20).toString('hex')}` };
}

function openSaml(settings: SamlSettings, { places, key }: SamlService, requestId: string): SAML {
  const since = new Date().toISOString();
  return new SAML({
    entryPoint: settings.entryPoint,
    idpIssuer: settings.idpIssuer,
    idpCert: certificatesOf(settings.certificates),
    issuer: places.entityId,
    audience: places.entityId,
    callbackUrl: places.replyAddress,
    identifierFormat: null,
    decryptionPvk: key.privateKey,
    ...(settings.signsRequests ? { privateKey: key.privateKey, signatureAlgorithm: 'sha256' } : {}),
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

export function samlMetadata(service: SamlService): string {
  const placeholder: SamlSettings = {
    metadataAddress: '',
    entryPoint: service.places.entityId,
    idpIssuer: '',
    certificates: 'none',
    encryptedOnly: false,
    signsRequests: true,
    emailAttribute: '',
    nameAttribute: '',
    groupsAttribute: '',
  };
  const { certificate } = service.key;
  const metadata = openSaml(placeholder, service, '_').generateServiceProviderMetadata(certificate, certificate);
  // Each provider has a switch for it, and one that reads this must not insist.
  return metadata.replace('AuthnRequestsSigned="true"', 'AuthnRequestsSigned="false"');
}

export async function addressAtSamlProvider(
  settings: SamlSettings,
  service: SamlService,
  asked: { readonly relayState: string; readonly secrets: FlowSecrets },
): Promise<string> {
  const saml = openSaml(settings, service, asked.secrets.requestId);
  const url = new URL(await saml.getAuthorizeUrlAsync(asked.relayState, undefined, {}));
  // The library signs the parameters as `querystring` writes them and sends them as URLs do, which differ in a tilde; providers
  // check what was sent, letter by letter.
  url.search = stringify(Object.fromEntries(url.searchParams));
  return url.href;
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
  service: SamlService,
  samlResponse: string,
  expected: { readonly secrets: FlowSecrets; readonly nowMs: number },
): Promise<SamlAnswer> {
  await lookThrough(settings, service.key, samlResponse);
  const profile = await validate(settings, service, samlResponse, expected.secrets.requestId);
  const assertion = partOf(profile.getAssertion?.() ?? {}, 'Assertion');
  if (textOf(partOf(assertion, 'Issuer')) !== settings.idpIssuer) throw refuseSso('wrongAnswer');
  const untilMs = confirmSubject(assertion, service.places, expected);
  const assertionId = attributeOf(assertion, 'ID');
  if (assertionId === '') throw refuseSso('wrongAnswer');
  return { identity: toIdentity(profile, assertion, settings), assertionId, untilMs: untilMs + SKEW_MS };
}

async function validate(
  settings: SamlSettings,
  service: SamlService,
  samlResponse: string,
  requestId: string,
): Promise<Profile> {
  let found: Profile | null;
  try {
    ({ profile: found } = await openSaml(settings, service, requestId).validatePostResponseAsync({
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

/** What the library leaves to its user: weak algorithms, inside an encrypted assertion as well, and what came in the open. */
async function lookThrough({ encryptedOnly }: SamlSettings, key: ServiceKey, samlResponse: string): Promise<void> {
  const xml = Buffer.from(samlResponse, 'base64').toString('utf8');
  if (hasEntities(xml)) throw refuseSso('wrongAnswer');
  let opened: string | null;
  try {
    opened = await openAssertion(xml, key.privateKey);
  } catch (error) {
    // The same word for every reason: whoever tries must not learn how far it went.
    throw refuseSso('wrongAnswer', error);
  }
  const isStatus = opened === null && !/<(?:[\w-]+:)?Assertion\b/.test(xml);
  const areGood =
    signaturesAreGood(xml) && (opened === null || !hasEntities(opened)) && signaturesAreGood(opened ?? '');
  const isSigned = isStatus || signaturesIn(opened ?? xml).length > 0;
  if (!areGood || !isSigned) throw refuseSso('wrongAnswer');
  if (encryptedOnly && opened === null && !isStatus) throw refuseSso('notEncrypted');
}

/** A document type can bring in entities, and no answer needs one. */
function hasEntities(xml: string): boolean {
  return /<!DOCTYPE|<!ENTITY/i.test(xml);
}

function signaturesIn(xml: string): readonly string[] {
  const methods = xml.matchAll(/<(?:[\w-]+:)?SignatureMethod\b[^>]*?\bAlgorithm\s*=\s*["']([^"']*)["']/g);
  return [...methods].map(([, algorithm = '']) => algorithm);
}

/** SHA-1 and keys that are shared are nothing to rely on. */
function signaturesAreGood(xml: string): boolean {
  return signaturesIn(xml).every((algorithm) => goodSignatures.test(algorithm));
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
