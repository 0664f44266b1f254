// A drawing as part of a page that must stay harmless: only shapes, words and colors come through, so that nothing in it can
// run, fetch or reach the page around it. Its names are made its own, so that two drawings on one page do not mix.
import { escapeHtml } from '#shared/export/escape-html.ts';
import { readSvg, type SvgElement } from '#shared/export/read-svg.ts';

const ELEMENTS = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'circle',
  'ellipse',
  'line',
  'polyline',
  'polygon',
  'text',
  'tspan',
  'defs',
  'clipPath',
  'linearGradient',
  'radialGradient',
  'stop',
]);

const ATTRIBUTES = new Set(
  (
    'id x y x1 y1 x2 y2 dx dy ' +
    'cx cy r rx ry width height d points ' +
    'transform viewBox fill stroke stroke-width stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin ' +
    'stroke-miterlimit fill-opacity stroke-opacity opacity fill-rule clip-rule clip-path font font-size ' +
    'font-family font-weight font-style text-anchor dominant-baseline offset stop-color stop-opacity visibility ' +
    'gradientUnits'
  ).split(' '),
);

/** Of attributes that exist as a rule of style only. */
const STYLED = new Set(['font']);

/** A reference to a part of the same drawing, by the name it has on the page; undefined for what points elsewhere. */
function ownValue(value: string, prefix: string): string | undefined {
  if (!/url\s*\(/i.test(value)) return value;
  const [, id] = /^url\(["']?#([\w-]+)["']?\)$/.exec(value.trim()) ?? [];
  return id === undefined ? undefined : `url(#${prefix}${id})`;
}

function attributesOf({ attributes }: SvgElement, prefix: string): string {
  const styles: string[] = [];
  const texts = Object.entries(attributes).flatMap(([name, given]) => {
    const value = ATTRIBUTES.has(name) ? ownValue(given, prefix) : undefined;
    if (value === undefined) return [];
    if (STYLED.has(name)) {
      styles.push(`${name}:${value.replace(/[;{}]/g, '')}`);
      return [];
    }
    return [`${name}="${escapeHtml(name === 'id' ? prefix + value : value)}"`];
  });
  return [...texts, ...(styles.length === 0 ? [] : [`style="${escapeHtml(styles.join(';'))}"`])]
    .map((text) => ` ${text}`)
    .join('');
}

function write(element: SvgElement, prefix: string, head: string): string {
  if (!ELEMENTS.has(element.name)) return '';
  const inside = element.children
    .map((child) => (typeof child === 'string' ? escapeHtml(child) : write(child, prefix, '')))
    .join('');
  return `<${element.name}${head}${attributesOf(element, prefix)}>${inside}</${element.name}>`;
}

/** The drawing, to stand in HTML; empty when there is none. `prefix`: letters and digits no other drawing of the page has. */
export function cleanSvg(svg: string, prefix: string, label: string): string {
  const root = readSvg(svg);
  return root === undefined ? '' : write(root, prefix, ` role="img" aria-label="${escapeHtml(label)}"`);
}
