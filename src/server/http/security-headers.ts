import type { HttpServer } from '#server/http/http-server.ts';

/** The documentation page is the only answer a browser shows; everything else may load and embed nothing. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'";

export function sendSecurityHeaders(app: HttpServer): void {
  app.addHook('onSend', async (request, reply) => {
    const isDocs = request.routeOptions.url?.startsWith('/docs') ?? false;
    reply.headers({
      'content-security-policy': isDocs ? DOCS_POLICY : "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
  });
}
