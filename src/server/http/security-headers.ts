import type { HttpServer } from '#server/http/http-server.ts';

/** Beside the pages of pages/, the documentation is the only answer a browser shows; everything else may load and embed nothing. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'";

/** On every answer. */
const always = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;

const forBrowsers = {
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/**
 * A browser can be led to any address, but it never sends a token by itself: whoever is recognised by one and gets JSON is a
 * program, and what tells browsers how to show, frame and embed an answer would be most of what a small answer weighs.
 */
export function sendSecurityHeaders(app: HttpServer): void {
  app.addHook('onSend', async (request, reply) => {
    reply.headers(always);
    const isForProgram = request.principal !== null && isJson(reply.getHeader('content-type'));
    if (isForProgram) return;
    const isDocs = request.routeOptions.url?.startsWith('/docs') ?? false;
    // A page says itself what it needs (pages/page.ts).
    const ofPage = reply.getHeader('content-security-policy');
    reply.headers({
      ...forBrowsers,
      // A picture in a mail is shown by whatever shows the mail.
      'cross-origin-resource-policy':
        reply.getHeader('cross-origin-resource-policy') ?? forBrowsers['cross-origin-resource-policy'],
      'content-security-policy': ofPage ?? (isDocs ? DOCS_POLICY : "default-src 'none'; frame-ancestors 'none'"),
    });
  });
}

function isJson(type: unknown): boolean {
  return typeof type === 'string' && type.startsWith('application/json');
}
