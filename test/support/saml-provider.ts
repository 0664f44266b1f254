// A real SAML identity provider on this computer. Each answer can be changed before it is signed (what it says) or after (what
// somebody on the way would do), and signed with another key.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as saml from 'samlify';
import { BrowserVisit } from '#test/support/browser-visit.ts';
import { makeCertificate } from '#test/support/make-certificate.ts';

export interface SamlPerson {
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
}

interface Answer {
  /** Of the assertion. */
  readonly audience: string;
  readonly issuer: string;
  readonly recipient: string;
  readonly inResponseTo: string;
  readonly notOnOrAfter: Date;
  readonly assertionId: string;
}

export interface SamlTamper {
  readonly before?: (answer: Answer) => Partial<Answer>;
  /** Gets and gives the XML of the whole response. */
  readonly after?: (xml: string) => string;
  readonly isForeign?: boolean;
  /** Signs the message and leaves the assertion alone. */
  readonly signsMessageOnly?: boolean;
  readonly algorithm?: string;
  /** Encrypts the assertion after everything else. */
  readonly encrypts?: {
    /** PEM; default: the one the service publishes. */
    readonly certificate?: string;
    readonly key?: string;
    readonly data?: string;
    /** Gets and gives the XML with what is encrypted. */
    readonly after?: (xml: string) => string;
  };
}

export interface TestSamlProvider {
  readonly entityId: string;
  readonly entryPoint: string;
  /** Of the key it began with. */
  readonly certificate: string;
  readonly people: Map<string, SamlPerson>;
  tamper: SamlTamper;
  /** Forms as they were sent to the service. */
  readonly sent: { readonly SAMLResponse: string; readonly RelayState: string }[];
  /** What it publishes at `entityId`; default: honest metadata with the key it signs with. */
  publish: (() => { readonly status: number; readonly body: string; readonly location?: string }) | null;
  /** Requests without a signature of the service are not answered; null: whatever comes is taken. */
  wantsSigned: boolean;
  /** How often that was asked for. */
  readonly asked: { count: number };
  /** Honest metadata, with these keys. */
  metadata(...certificates: readonly string[]): string;
  /** Signs with another key from now on; its certificate. */
  changeKey(): string;
  signIn(address: string, login: string, stopAt: string): Promise<URL>;
  stop(): Promise<void>;
}

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const xmlOf = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function writeResponse(person: SamlPerson, login: string, responseId: string, answer: Answer): string {
  const [now, until] = [new Date().toISOString(), answer.notOnOrAfter.toISOString()];
  const attribute = (name: string, values: readonly string[]): string =>
    `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">${values
      .map((value) => `<saml:AttributeValue>${xmlOf(value)}</saml:AttributeValue>`)
      .join('')}</saml:Attribute>`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${responseId}" Version="2.0" IssueInstant="${now}" Destination="${answer.recipient}" InResponseTo="${answer.inResponseTo}"><saml:Issuer>${answer.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="${answer.assertionId}" Version="2.0" IssueInstant="${now}"><saml:Issuer>${answer.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${xmlOf(login)}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${answer.recipient}" InResponseTo="${answer.inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${new Date(Date.now() - 1000).toISOString()}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${answer.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${now}" SessionIndex="s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute('email', [person.email])}${attribute('displayName', [person.name])}${attribute('groups', person.groups)}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}

let counter = 0;
const freshId = (): string => `_id${String((counter += 1))}-${String(Date.now())}`;

export async function startSamlProvider(service: {
  readonly entityId: string;
  readonly reply: string;
}): Promise<TestSamlProvider> {
  saml.setSchemaValidator({ validate: async () => 'the test trusts its own server' });
  let own = makeCertificate('idp.test');
  const foreign = makeCertificate('idp.test');
  const server = http.createServer((request, response) => {
    if (request.url === '/metadata') {
      found.asked.count += 1;
      const { status, body, location } = found.publish?.() ?? { status: 200, body: found.metadata(own.certificate) };
      response.writeHead(status, location === undefined ? {} : { location }).end(body);
      return;
    }
    answer(request).then(
      (page) => response.setHeader('content-type', 'text/html').end(page),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const entityId = `${base}/metadata`;

  const open = ({ isForeign, signsMessageOnly, algorithm }: SamlTamper) => ({
    idp: saml.IdentityProvider({
      entityID: entityId,
      privateKey: (isForeign === true ? foreign : own).key,
      signingCert: (isForeign === true ? foreign : own).certificate,
      isAssertionEncrypted: false,
      wantAuthnRequestsSigned: false,
      requestSignatureAlgorithm: algorithm ?? RSA_SHA256,
      singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${base}/sso` }],
      loginResponseTemplate: { context: '<unused/>', attributes: [] },
    }),
    sp: saml.ServiceProvider({
      entityID: service.entityId,
      wantAssertionsSigned: signsMessageOnly !== true,
      wantMessageSigned: signsMessageOnly === true,
      authnRequestsSigned: false,
      assertionConsumerService: [
        { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: service.reply },
      ],
    }),
  });

  async function answer(request: http.IncomingMessage): Promise<string> {
    const url = new URL(request.url ?? '', base);
    if (request.method === 'GET') {
      if (found.wantsSigned) await checkRequest(url);
      const value = (name: string): string => xmlOf(url.searchParams.get(name) ?? '');
      return `<form action="/sso"><input type="hidden" name="SAMLRequest" value="${value('SAMLRequest')}"><input type="hidden" name="RelayState" value="${value('RelayState')}"></form>`;
    }
    let body = '';
    for await (const part of request) body += String(part);
    const form = Object.fromEntries(new URLSearchParams(body));
    return respond(form['SAMLRequest'] ?? '', form['RelayState'] ?? '', form['login'] ?? '');
  }

  /** As the service describes itself. */
  const readService = async (): Promise<string> => (await fetch(service.entityId)).text();

  async function checkRequest(url: URL): Promise<void> {
    const query = Object.fromEntries(url.searchParams);
    const signed = url.search.slice(1).replace(/&Signature=[^&]*/, '');
    const strict = saml.IdentityProvider({
      entityID: entityId,
      wantAuthnRequestsSigned: true,
      singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${base}/sso` }],
    });
    const sp = saml.ServiceProvider({ metadata: (await readService()).replace('Signed="false"', 'Signed="true"') });
    await strict.parseLoginRequest(sp, 'redirect', { query, octetString: signed });
  }

  async function encrypt(xml: string, how: NonNullable<SamlTamper['encrypts']>): Promise<string> {
    const { certificate } = how;
    const sp = saml.ServiceProvider(
      certificate === undefined
        ? { metadata: await readService() }
        : {
            entityID: service.entityId,
            encryptCert: certificate,
            assertionConsumerService: [
              { Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST', Location: service.reply },
            ],
          },
    );
    const encrypting = saml.IdentityProvider({
      entityID: entityId,
      isAssertionEncrypted: true,
      singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: `${base}/sso` }],
    });
    Object.assign(encrypting.entitySetting, {
      keyEncryptionAlgorithm: how.key ?? 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
      dataEncryptionAlgorithm: how.data ?? 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
    });
    const made = await saml.SamlLib.encryptAssertion(encrypting, sp, xml);
    const encrypted = Buffer.from(made, 'base64').toString('utf8');
    return how.after?.(encrypted) ?? encrypted;
  }

  async function respond(samlRequest: string, relayState: string, login: string): Promise<string> {
    const { tamper } = found;
    const { idp, sp } = open(tamper);
    const asked = await idp.parseLoginRequest(sp, 'redirect', { query: { SAMLRequest: samlRequest } });
    const { request } = asked.extract as { readonly request: { readonly id: string } };
    const person = found.people.get(login);
    if (person === undefined) throw new Error(`nobody is called ${login}`);
    const honest: Answer = {
      audience: service.entityId,
      issuer: entityId,
      recipient: service.reply,
      inResponseTo: request.id,
      notOnOrAfter: new Date(Date.now() + 300_000),
      assertionId: freshId(),
    };
    const said = { ...honest, ...tamper.before?.(honest) };
    const responseId = freshId();
    const made = await idp.createLoginResponse(sp, { extract: { request } }, 'post', {}, () => ({
      id: responseId,
      context: writeResponse(person, login, responseId, said),
    }));
    const xml = Buffer.from((made as { readonly context: string }).context, 'base64').toString('utf8');
    const whole = tamper.after?.(xml) ?? xml;
    const sentXml = tamper.encrypts === undefined ? whole : await encrypt(whole, tamper.encrypts);
    const SAMLResponse = Buffer.from(sentXml).toString('base64');
    found.sent.push({ SAMLResponse, RelayState: relayState });
    return `<form action="${service.reply}"><input type="hidden" name="SAMLResponse" value="${SAMLResponse}"><input type="hidden" name="RelayState" value="${xmlOf(relayState)}"></form>`;
  }

  const found: TestSamlProvider = {
    entityId,
    entryPoint: `${base}/sso`,
    certificate: own.certificate,
    people: new Map(),
    tamper: {},
    sent: [],
    publish: null,
    wantsSigned: false,
    asked: { count: 0 },
    metadata: (...certificates) =>
      `<?xml version="1.0"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${certificates
        .map(
          (each) =>
            `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${each.replaceAll(/-----[^-]+-----/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
        )
        .join(
          '',
        )}<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${base}/post"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${base}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
    changeKey() {
      own = makeCertificate('idp.test');
      return own.certificate;
    },
    async signIn(address, login, stopAt) {
      const browser = new BrowserVisit(stopAt);
      const form = await browser.open(address);
      if (form.status === 0) return form.url;
      const posted = await browser.submit(form, { login });
      return (await browser.submit(posted, {})).url;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return found;
}
