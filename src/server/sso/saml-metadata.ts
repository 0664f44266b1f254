// What a SAML provider says of itself. It is asked through the guarded way out and read whole or not at all: one provider, an
// address to sign in at, and certificates that are certificates.
import { parseDomFromString, xpath } from '@node-saml/node-saml/lib/xml.js';
import { OutpostError } from '#shared/kernel/errors.ts';
import { MOST_METADATA_LENGTH, type FoundMetadata } from '#shared/sync/sso-messages.ts';
import type { Egress } from '#server/egress/egress.ts';
import { keysOf, readCertificate } from '#server/sso/certificates.ts';

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const SIGNATURES = 'http://www.w3.org/2000/09/xmldsig#';
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
/** A provider that changes its keys has two, some have one for each place. */
const MOST_KEYS = 10;

type MetadataFailure =
  | 'noAnswer'
  | 'redirected'
  | 'noMetadata'
  | 'manyProviders'
  | 'noSignInAddress'
  | 'noCertificate'
  | 'outdated'
  | 'otherEntity';

export function failMetadata(failure: MetadataFailure, cause?: unknown): OutpostError {
  return new OutpostError(
    'provider_failed',
    'The metadata of the provider cannot be used.',
    { failure },
    cause === undefined ? {} : { cause },
  );
}

/** @throws OutpostError `provider_failed` with what is wrong, `address_forbidden` */
export async function fetchMetadata(egress: Egress, address: string, nowMs: number): Promise<FoundMetadata> {
  const xml = await askFor(egress, address);
  return parseMetadata(xml, nowMs);
}

async function askFor(egress: Egress, address: string): Promise<string> {
  let answer: Response;
  try {
    answer = await egress.fetch(address, {
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
    });
    if (answer.ok) return (await answer.text()).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof OutpostError) throw error;
    throw failMetadata('noAnswer', error);
  }
  // Wherever it leads: the administrator names the place, not whoever answers there.
  throw failMetadata(answer.status >= 300 && answer.status < 400 ? 'redirected' : 'noAnswer');
}

/** @throws OutpostError `provider_failed` with what is wrong */
export async function parseMetadata(xml: string, nowMs: number): Promise<FoundMetadata> {
  // A document type can bring in entities, and no metadata need one.
  if (xml.length > MOST_METADATA_LENGTH || /<!DOCTYPE|<!ENTITY/i.test(xml)) throw failMetadata('noMetadata');
  const entity = await findEntity(xml, nowMs);
  const entityId = entity.getAttribute('entityID') ?? '';
  if (entityId === '' || entityId.length > 1024) throw failMetadata('noMetadata');
  const roles = partsOf(entity, METADATA, 'IDPSSODescriptor').filter((role) =>
    (role.getAttribute('protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL),
  );
  const [role] = roles;
  if (role === undefined || roles.length > 1) throw failMetadata('noMetadata');
  assertInTime(role, nowMs);
  const entryPoint = partsOf(role, METADATA, 'SingleSignOnService')
    .filter((service) => service.getAttribute('Binding') === REDIRECT)
    .map((service) => service.getAttribute('Location') ?? '')
    .find((location) => isAddress(location));
  if (entryPoint === undefined) throw failMetadata('noSignInAddress');
  const certificates = readKeys(role);
  const wantsSignedRequests = ['true', '1'].includes(role.getAttribute('WantAuthnRequestsSigned') ?? '');
  return { entityId, entryPoint, certificates, keys: keysOf(certificates), wantsSignedRequests };
}

async function findEntity(xml: string, nowMs: number): Promise<Element> {
  let document: Document;
  try {
    document = await parseDomFromString(xml);
  } catch (error) {
    throw failMetadata('noMetadata', error);
  }
  const root = `/*[namespace-uri()='${METADATA}' and (local-name()='EntityDescriptor' or local-name()='EntitiesDescriptor')]`;
  const own = `*[namespace-uri()='${METADATA}' and local-name()='IDPSSODescriptor']`;
  for (const part of xpath.selectElements(document, root)) assertInTime(part, nowMs);
  const entities = xpath.selectElements(
    document,
    `${root}/descendant-or-self::*[namespace-uri()='${METADATA}' and local-name()='EntityDescriptor'][${own}]`,
  );
  if (entities.length > 1) throw failMetadata('manyProviders');
  const [entity] = entities;
  if (entity === undefined) throw failMetadata('noMetadata');
  assertInTime(entity, nowMs);
  return entity;
}

function partsOf(parent: Element, namespace: string, name: string): readonly Element[] {
  return xpath.selectElements(parent, `./*[namespace-uri()='${namespace}' and local-name()='${name}']`);
}

function assertInTime(part: Element, nowMs: number): void {
  const until = part.getAttribute('validUntil') ?? '';
  if (until !== '' && !(Date.parse(until) > nowMs)) throw failMetadata('outdated');
}

function isAddress(location: string): boolean {
  return location.length <= 2048 && /^https?:\/\//.test(location) && URL.canParse(location);
}

/** Those that sign: one that is only for encryption must not vouch for anybody. */
function readKeys(role: Element): string {
  const found = partsOf(role, METADATA, 'KeyDescriptor')
    .filter((key) => ['', 'signing'].includes(key.getAttribute('use') ?? ''))
    .flatMap((key) =>
      xpath.selectElements(
        key,
        `./*[namespace-uri()='${SIGNATURES}' and local-name()='KeyInfo']/*[local-name()='X509Data']/*[local-name()='X509Certificate']`,
      ),
    )
    .map((element) => {
      const certificate = readCertificate((element.textContent ?? '').replaceAll(/\s+/g, ''));
      if (certificate === null) throw failMetadata('noMetadata');
      return certificate.toString().trim();
    });
  const keys = [...new Set(found)];
  if (keys.length === 0) throw failMetadata('noCertificate');
  if (keys.length > MOST_KEYS) throw failMetadata('noMetadata');
  return `${keys.join('\n')}\n`;
}
