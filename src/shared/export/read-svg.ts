// The elements of an SVG picture as our charts are: a tree of names, attributes and texts. What is not understood is no
// reason to fail, and nothing in it is ever run or fetched.

export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (SvgElement | string)[];
}

interface OpenElement extends SvgElement {
  readonly children: (SvgElement | string)[];
}

const TOKENS =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<(\/?)([\w:-]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
const ATTRIBUTES = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const MOST_DEPTH = 64;

const SIGNS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function readText(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return SIGNS[name] ?? whole;
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** `style="fill:red"` says the same as `fill="red"`, and more than it. */
function readAttributes(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTES)) found[name] = readText(double ?? single ?? '');
  for (const part of (found['style'] ?? '').split(';')) {
    const colon = part.indexOf(':');
    if (colon > 0) found[part.slice(0, colon).trim()] = part.slice(colon + 1).trim();
  }
  return found;
}

/** The outermost element; undefined when there is none. */
export function readSvg(text: string): SvgElement | undefined {
  const root: OpenElement = { name: '', attributes: {}, children: [] };
  const open: OpenElement[] = [root];
  for (const [, data, slash, name, attributes = '', closed, words] of text.matchAll(TOKENS)) {
    const current = open.at(-1) ?? root;
    if (data !== undefined) current.children.push(data);
    else if (words !== undefined) current.children.push(readText(words));
    else if (name === undefined) continue;
    else if (slash === '/') {
      if (open.length > 1) open.pop();
    } else {
      const element: OpenElement = { name, attributes: readAttributes(attributes), children: [] };
      current.children.push(element);
      if (closed !== '/' && open.length < MOST_DEPTH) open.push(element);
    }
  }
  return root.children.find((child): child is SvgElement => typeof child !== 'string' && child.name === 'svg');
}
