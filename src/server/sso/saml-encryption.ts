// Assertions that only this server can read. The library opens whatever it knows; what is too weak to be opened is refused before,
// and what comes out is looked at like an assertion that came in the open.
import { decryptXml, parseDomFromString, xpath } from '@node-saml/node-saml/lib/xml.js';

const goodMethods: readonly string[] = [
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
];

/**
 * What lies in the encrypted assertion of an answer; null when there is none. RSA 1.5 lets whoever tries often enough read along,
 * Triple DES is over. Throws when it cannot be opened.
 */
export async function openAssertion(xml: string, privateKey: string): Promise<string | null> {
  const document = await parseDomFromString(xml);
  const [encrypted] = xpath.selectElements(document, "//*[local-name()='EncryptedAssertion']");
  if (encrypted === undefined) return null;
  const methods = xpath.selectElements(document, "//*[local-name()='EncryptionMethod']");
  if (!methods.every((method) => goodMethods.includes(method.getAttribute('Algorithm') ?? '')))
    throw new Error('encrypted with an algorithm that is too weak');
  // The elements of this parser write themselves as XML.
  const written: { toString(): string } = encrypted;
  return decryptXml(written.toString(), privateKey);
}
