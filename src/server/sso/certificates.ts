// Certificates as people and metadata write them, and what somebody wants to know about one.
import { X509Certificate } from 'node:crypto';
import type { ProviderKey } from '#shared/sync/sso-messages.ts';

/** PEM blocks, or base64 alone as metadata writes it. */
export function certificatesOf(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  return blocks ?? text.split(/\n\s*\n/).flatMap((part) => (part.trim() === '' ? [] : [part.replaceAll(/\s+/g, '')]));
}

/** Null for what is no certificate. */
export function readCertificate(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64'));
  } catch {
    return null;
  }
}

function toKey(certificate: X509Certificate): ProviderKey {
  const [, name] = /^CN=(.+)$/m.exec(certificate.subject) ?? [];
  return {
    subject: (name ?? certificate.subject.replaceAll('\n', ', ')).slice(0, 256),
    validUntil: certificate.validToDate.toISOString(),
    fingerprint: certificate.fingerprint256,
  };
}

export function keysOf(text: string): ProviderKey[] {
  return certificatesOf(text).flatMap((each) => {
    const certificate = readCertificate(each);
    return certificate === null ? [] : [toKey(certificate)];
  });
}
