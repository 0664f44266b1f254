// A page the server shows in a browser: for people who have a link and not the application yet. It loads nothing from
// elsewhere, runs only the script of the server that belongs to it, sends no form and can be embedded nowhere. Whatever
// comes into it as text is shown as text.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '#shared/export/escape-html.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { pageStyle } from '#server/http/pages/page-style.ts';
import { languageOf, type Language } from '#server/words/open-texts.ts';

/** HTML that was made here, so that text put into it is escaped. */
export interface Markup {
  readonly html: string;
}

export interface Page {
  readonly language: Language;
  readonly title: string;
  readonly body: Markup;
  /** Address of the script of this page, on this server. */
  readonly script?: string;
  /** It sends a form to this server. */
  readonly hasForm?: boolean;
}

export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const STYLE_PATH = '/pages/page.css';

/** Template of HTML: values are escaped, unless they are markup themselves. */
export function markup(parts: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  const html = parts.reduce((whole, part, index) => {
    const value = values[index];
    const shown = value === undefined ? '' : typeof value === 'string' ? escapeHtml(value) : value.html;
    return whole + part + shown;
  }, '');
  return { html };
}

/** What the browser of the person prefers. */
export function languageOfRequest(request: Pick<FastifyRequest, 'headers'>): Language {
  return languageOf(request.headers['accept-language']);
}

const mark = markup`<svg class="mark" width="44" height="44" viewBox="0 0 44 44" aria-hidden="true">
<rect width="44" height="44" rx="11" fill="currentColor"/>
<path d="M12 31 L22 11 L32 31 Z" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round"/>
<path d="M17.5 31 V25 H26.5 V31" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round"/></svg>`;

export function sendPage(reply: FastifyReply, { language, title, body, script, hasForm = false }: Page): FastifyReply {
  const loaded = script === undefined ? markup`` : markup`<script src="${script}" defer></script>`;
  const page = markup`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title><link rel="stylesheet" href="${STYLE_PATH}">${loaded}</head>
<body><main>${mark}<h1>${title}</h1>${body}</main></body>
</html>
`;
  return reply
    .header(
      'content-security-policy',
      hasForm ? PAGE_POLICY.replace("form-action 'none'", "form-action 'self'") : PAGE_POLICY,
    )
    .type('text/html; charset=utf-8')
    .serializer((text: unknown) => String(text))
    .send(page.html);
}

/** A file of pages, at a fixed address. */
export function addPageFile(
  app: HttpServer,
  path: string,
  type: 'text/css' | 'text/javascript',
  content: string,
): void {
  app.get(path, { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
    reply
      .type(`${type}; charset=utf-8`)
      .serializer((text: unknown) => String(text))
      .send(content),
  );
}

export function addPageStyle(app: HttpServer): void {
  addPageFile(app, STYLE_PATH, 'text/css', pageStyle);
}
