import { OutpostError } from '#shared/kernel/errors.ts';

/** `https` anywhere, `http` on this computer only. Throws `invalid`. The address without path and trailing slash. */
export function normalizeServerUrl(typed: string): string {
  const text = typed.trim();
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch (error) {
    throw new OutpostError(
      'invalid',
      'This is not an address. It looks like https://crm.example.com.',
      {},
      { cause: error },
    );
  }
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new OutpostError('invalid', 'Use an address that begins with https://.', {});
  }
  if (url.username !== '' || url.password !== '')
    throw new OutpostError('invalid', 'Leave name and password out of the address.', {});
  return url.origin;
}
