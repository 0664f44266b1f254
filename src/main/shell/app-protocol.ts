// The application's own address, app://outpost/…, served from the built files. What is not a file below that folder is
// 404: no path, encoding or link leads out of it. In production every answer carries the strict policy below.
import { realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const APP_SCHEME = 'app';
export const APP_HOST = 'outpost';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/**
 * `style-src 'unsafe-inline'`: the component library writes style attributes. Trusted Types are left out: the grid and
 * the charts assign HTML strings of their own making.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

/** The file an address names, or null when it names nothing inside `root`. */
export function resolveAppFile(root: string, address: string): string | null {
  let pathname: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return null;
    pathname = decodeURIComponent(url.pathname);
  } catch {
    // Not an address, or a broken encoding.
    return null;
  }
  // Backslashes, drive letters, NUL and what is left of an encoding never occur in names the build makes.
  if (!/^\/[\w./-]*$/.test(pathname) || pathname.split('/').includes('..')) return null;
  const relative = pathname === '/' ? 'index.html' : pathname.slice(1);
  const file = path.join(root, relative);
  try {
    const real = realpathSync(file);
    const inside = path.relative(realpathSync(root), real);
    if (inside.startsWith('..') || path.isAbsolute(inside) || inside.split(path.sep).join('/') !== relative)
      return null;
    return statSync(real).isFile() ? real : null;
  } catch {
    // There is no such file.
    return null;
  }
}

/** Answers one request for app://outpost/…; never throws. */
export async function serveAppFile(root: string, request: Request): Promise<Response> {
  const headers: Record<string, string> = {
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
  const file = request.method === 'GET' || request.method === 'HEAD' ? resolveAppFile(root, request.url) : null;
  if (file === null)
    return new Response('Not found', { status: 404, headers: { ...headers, 'content-type': 'text/plain' } });
  const body = new Uint8Array(await readFile(file));
  // A name in assets/ holds the hash of what is in the file: it never means anything else, and may be kept compiled.
  if (path.basename(path.dirname(file)) === 'assets') headers['cache-control'] = 'public, max-age=31536000, immutable';
  return new Response(body, {
    status: 200,
    headers: { ...headers, 'content-type': types[path.extname(file)] ?? 'application/octet-stream' },
  });
}
