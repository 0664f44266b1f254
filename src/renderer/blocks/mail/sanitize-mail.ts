// What is shown of the HTML somebody sent: structure, words and looks. Scripts, forms, frames and everything that would ask the
// network are taken out before it is put into a frame that could run and reach nothing anyway. Pictures of the network are
// named and left out until somebody wants them.
import DOMPurify from 'dompurify';

export interface CleanMail {
  readonly html: string;
  /** Addresses of pictures that were left out. */
  readonly remote: readonly string[];
}

export interface MailPictures {
  /** By Content-ID, as the mail brought them. */
  readonly inline: ReadonlyMap<string, string>;
  /** By address, once they were asked for. */
  readonly fetched: ReadonlyMap<string, string | null>;
}

const forbiddenTags = [
  'form',
  'input',
  'button',
  'select',
  'textarea',
  'option',
  'dialog',
  'iframe',
  'frame',
  'object',
  'embed',
  'audio',
  'video',
  'source',
  'track',
  'svg',
  'math',
  'link',
  'meta',
  'base',
  'template',
  'slot',
  'portal',
  'marquee',
];
const forbiddenAttributes = [
  'srcset',
  'background',
  'poster',
  'action',
  'formaction',
  'ping',
  'is',
  'slot',
  'contenteditable',
  'autofocus',
  'tabindex',
  'accesskey',
  'usemap',
  'target',
];

/** Of a style: nothing that asks the network, and nothing that leaves its place. */
function cleanStyle(style: string): string {
  return style
    .split(';')
    .filter((rule) => !/url\s*\(|image-set|expression|@import|position\s*:\s*(fixed|sticky)|\\/i.test(rule))
    .join(';');
}

function isShown(address: string): boolean {
  return /^(https?:|mailto:)/i.test(address.trim());
}

export function cleanMail(source: string, pictures: MailPictures): CleanMail {
  const remote = new Set<string>();
  const purify = DOMPurify(window);
  purify.addHook('afterSanitizeAttributes', (node) => {
    const style = node.getAttribute('style');
    if (style !== null) node.setAttribute('style', cleanStyle(style));
    if (node.tagName === 'A') {
      const address = node.getAttribute('href') ?? '';
      if (isShown(address)) node.setAttribute('title', address);
      else node.removeAttribute('href');
      return;
    }
    if (node.tagName === 'STYLE') {
      node.textContent = cleanSheet(node.textContent ?? '');
      return;
    }
    if (node.tagName !== 'IMG') {
      node.removeAttribute('src');
      node.removeAttribute('href');
      return;
    }
    const address = (node.getAttribute('src') ?? '').trim();
    const shown = pictureOf(address, pictures);
    if (/^https?:/i.test(address) && !pictures.fetched.has(address)) remote.add(address);
    if (shown === null) node.removeAttribute('src');
    else node.setAttribute('src', shown);
  });
  const html = purify.sanitize(source, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: forbiddenTags,
    FORBID_ATTR: forbiddenAttributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:|data:image\/(?:png|jpeg|gif|webp);)/i,
    FORCE_BODY: true,
    WHOLE_DOCUMENT: false,
    SANITIZE_DOM: true,
    SANITIZE_NAMED_PROPS: true,
  });
  purify.removeAllHooks();
  return { html, remote: [...remote] };
}

function pictureOf(address: string, { inline, fetched }: MailPictures): string | null {
  if (/^cid:/i.test(address)) return inline.get(decodeId(address.slice(4))) ?? null;
  if (/^data:image\/(png|jpeg|gif|webp);base64,/i.test(address)) return address;
  return fetched.get(address) ?? null;
}

function decodeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No encoding at all.
    return text;
  }
}

function cleanSheet(sheet: string): string {
  return /@import|url\s*\(|image-set|\\|<\//i.test(sheet)
    ? ''
    : sheet.replaceAll(/position\s*:\s*(fixed|sticky)/gi, '');
}

/** The page of the frame: nothing may run, nothing may be asked for but what is in the page itself. */
export function frameOf(html: string): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer"><style>html,body{margin:0;background:#fff;color:#1a1d24;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}body{padding:12px 14px;overflow-x:auto}img{max-width:100%;height:auto}a{color:#394bb0}blockquote{margin:8px 0;padding-left:10px;border-left:2px solid #cdd2db;color:#5a6172}table{max-width:100%}</style></head><body>${html}</body></html>`;
}
