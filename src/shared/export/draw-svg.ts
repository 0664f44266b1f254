// A chart drawn into a document as lines, areas and text: sharp at any size, and its words can be found. Understands what
// charts are made of (paths, basic shapes, text, groups, clips); of a gradient it takes the first color.
import type { PdfCanvas } from '#shared/export/pdf-canvas.ts';
import { inDrawnOrder, printable } from '#shared/export/pdf-text.ts';
import { readSvg, type SvgElement } from '#shared/export/read-svg.ts';

/** Inherited by what stands inside an element. */
interface Paint {
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly fillOpacity: number;
  readonly strokeOpacity: number;
  readonly dash: string;
  readonly fontSize: number;
  readonly isBold: boolean;
  readonly anchor: string;
  readonly baseline: string;
}

const start: Paint = {
  fill: '#000000',
  stroke: 'none',
  strokeWidth: 1,
  fillOpacity: 1,
  strokeOpacity: 1,
  dash: '',
  fontSize: 12,
  isBold: false,
  anchor: 'start',
  baseline: '',
};

type Named = ReadonlyMap<string, SvgElement>;

function numberOf(text: string | undefined, otherwise = 0): number {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : otherwise;
}

const NAMED_COLORS: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  gray: '#808080',
  grey: '#808080',
};

interface Color {
  readonly color: string;
  readonly opacity: number;
}

/** Null: nothing is drawn. */
function readColor(text: string, named: Named): Color | null {
  const plain = text.trim().toLowerCase();
  if (plain === 'none' || plain === 'transparent' || plain === '') return null;
  const [, id] = /^url\(["']?#([^"')]+)["']?\)/.exec(text.trim()) ?? [];
  if (id !== undefined) {
    const stop = named
      .get(id)
      ?.children.find((child): child is SvgElement => typeof child !== 'string' && child.name === 'stop');
    return stop === undefined ? null : readColor(stop.attributes['stop-color'] ?? '', new Map());
  }
  const parts = /^rgba?\(([^)]*)\)$/
    .exec(plain)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (parts !== undefined && parts.length >= 3) {
    const hex = parts.slice(0, 3).map((part) =>
      Math.max(0, Math.min(255, Math.round(part || 0)))
        .toString(16)
        .padStart(2, '0'),
    );
    return { color: `#${hex.join('')}`, opacity: parts[3] ?? 1 };
  }
  const [, short] = /^#([\da-f]{3})$/.exec(plain) ?? [];
  if (short !== undefined) return { color: `#${Array.from(short, (sign) => sign + sign).join('')}`, opacity: 1 };
  const [, long, alpha] = /^#([\da-f]{6})([\da-f]{2})?$/.exec(plain) ?? [];
  if (long !== undefined)
    return { color: `#${long}`, opacity: alpha === undefined ? 1 : Number.parseInt(alpha, 16) / 255 };
  return { color: NAMED_COLORS[plain] ?? '#000000', opacity: 1 };
}

function paintOf({ attributes }: SvgElement, outer: Paint): Paint {
  const opacity = numberOf(attributes['opacity'], 1);
  const weight = attributes['font-weight'];
  const font = attributes['font'];
  return {
    fill: attributes['fill'] ?? outer.fill,
    stroke: attributes['stroke'] ?? outer.stroke,
    strokeWidth: numberOf(attributes['stroke-width'], outer.strokeWidth),
    fillOpacity: numberOf(attributes['fill-opacity'], outer.fillOpacity) * opacity,
    strokeOpacity: numberOf(attributes['stroke-opacity'], outer.strokeOpacity) * opacity,
    dash: attributes['stroke-dasharray'] ?? outer.dash,
    fontSize: numberOf(attributes['font-size'] ?? /(\d+(?:\.\d+)?)px/.exec(font ?? '')?.[1], outer.fontSize),
    isBold:
      weight === undefined ? outer.isBold || /\bbold\b/.test(font ?? '') : weight === 'bold' || numberOf(weight) >= 600,
    anchor: attributes['text-anchor'] ?? outer.anchor,
    baseline: attributes['dominant-baseline'] ?? outer.baseline,
  };
}

function applyTransform(canvas: PdfCanvas, text: string): void {
  for (const [, name, list = ''] of text.matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const [a = 0, b, c, d, e, f] = list
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (name === 'translate') canvas.transform(1, 0, 0, 1, a, b ?? 0);
    else if (name === 'scale') canvas.transform(a, 0, 0, b ?? a, 0, 0);
    else if (name === 'matrix') canvas.transform(a, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f ?? 0);
    else if (name === 'rotate') {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      canvas
        .transform(1, 0, 0, 1, b ?? 0, c ?? 0)
        .transform(cos, sin, -sin, cos, 0, 0)
        .transform(1, 0, 0, 1, -(b ?? 0), -(c ?? 0));
    }
  }
}

/** Lays the outline of a shape; false for what has none. */
function outline(canvas: PdfCanvas, { name, attributes }: SvgElement): boolean {
  const at = (key: string): number => numberOf(attributes[key]);
  if (name === 'path') {
    if ((attributes['d'] ?? '').trim() === '') return false;
    canvas.path(attributes['d'] ?? '');
  } else if (name === 'rect') canvas.rect(at('x'), at('y'), at('width'), at('height'));
  else if (name === 'circle') canvas.circle(at('cx'), at('cy'), at('r'));
  else if (name === 'ellipse') canvas.ellipse(at('cx'), at('cy'), at('rx'), at('ry'));
  else if (name === 'line') canvas.moveTo(at('x1'), at('y1')).lineTo(at('x2'), at('y2'));
  else if (name === 'polyline' || name === 'polygon') {
    const points = (attributes['points'] ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (points.length < 4) return false;
    canvas.moveTo(points[0] ?? 0, points[1] ?? 0);
    for (let index = 2; index + 1 < points.length; index += 2)
      canvas.lineTo(points[index] ?? 0, points[index + 1] ?? 0);
    if (name === 'polygon') canvas.closePath();
  } else return false;
  return true;
}

function drawShape(canvas: PdfCanvas, element: SvgElement, paint: Paint, named: Named): void {
  const fill =
    element.name === 'line' || (element.name === 'polyline' && paint.fill === start.fill)
      ? null
      : readColor(paint.fill, named);
  const stroke = paint.strokeWidth > 0 ? readColor(paint.stroke, named) : null;
  if ((fill === null && stroke === null) || !outline(canvas, element)) return;
  if (fill !== null) canvas.fillColor(fill.color).fillOpacity(fill.opacity * paint.fillOpacity);
  if (stroke !== null) {
    canvas
      .strokeColor(stroke.color)
      .strokeOpacity(stroke.opacity * paint.strokeOpacity)
      .lineWidth(paint.strokeWidth);
    const [length = 0, space = length] = paint.dash.split(/[\s,]+/).map((part) => numberOf(part));
    if (length > 0) canvas.dash(length, { space });
    else canvas.undash();
  }
  if (fill !== null && stroke !== null) canvas.fillAndStroke();
  else if (fill !== null) canvas.fill();
  else canvas.stroke();
}

function wordsOf(element: SvgElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : wordsOf(child))).join('');
}

function drawText(canvas: PdfCanvas, element: SvgElement, paint: Paint, named: Named): void {
  const color = readColor(paint.fill, named);
  const words = inDrawnOrder(printable(wordsOf(element)).trim());
  if (color === null || words === '') return;
  canvas.font(paint.isBold ? 'bold' : 'regular').fontSize(paint.fontSize);
  canvas.fillColor(color.color).fillOpacity(color.opacity * paint.fillOpacity);
  const width = canvas.widthOfString(words);
  const shift = paint.anchor === 'middle' ? width / 2 : paint.anchor === 'end' ? width : 0;
  const { attributes } = element;
  const isMiddle = paint.baseline === 'central' || paint.baseline === 'middle';
  const baseline = isMiddle
    ? 'middle'
    : paint.baseline.includes('hanging') || paint.baseline.includes('before')
      ? 'top'
      : 'alphabetic';
  const x = numberOf(attributes['x']) + numberOf(attributes['dx']) - shift;
  const y = numberOf(attributes['y']) + numberOf(attributes['dy']);
  canvas.text(words, x, y, { lineBreak: false, baseline });
}

const SKIPPED = new Set([
  'defs',
  'style',
  'clipPath',
  'linearGradient',
  'radialGradient',
  'pattern',
  'title',
  'desc',
  'script',
  'metadata',
]);

function drawElement(canvas: PdfCanvas, element: SvgElement, outer: Paint, named: Named): void {
  if (
    SKIPPED.has(element.name) ||
    element.attributes['display'] === 'none' ||
    element.attributes['visibility'] === 'hidden'
  )
    return;
  const paint = paintOf(element, outer);
  canvas.save();
  applyTransform(canvas, element.attributes['transform'] ?? '');
  const [, clipId] = /#([^"')]+)/.exec(element.attributes['clip-path'] ?? '') ?? [];
  const clip = clipId === undefined ? undefined : named.get(clipId);
  const shape = clip?.children.find((child): child is SvgElement => typeof child !== 'string');
  if (shape !== undefined && outline(canvas, shape)) canvas.clip();
  if (element.name === 'text') drawText(canvas, element, paint, named);
  else if (element.name === 'g' || element.name === 'svg') {
    for (const child of element.children) if (typeof child !== 'string') drawElement(canvas, child, paint, named);
  } else drawShape(canvas, element, paint, named);
  canvas.restore();
}

function nameElements(element: SvgElement, named: Map<string, SvgElement>): void {
  const id = element.attributes['id'];
  if (id !== undefined) named.set(id, element);
  for (const child of element.children) if (typeof child !== 'string') nameElements(child, named);
}

/** Draws the picture at the origin of the canvas, a point of it a point there. */
export function drawSvg(canvas: PdfCanvas, svg: string): void {
  const root = readSvg(svg);
  if (root === undefined) return;
  const named = new Map<string, SvgElement>();
  nameElements(root, named);
  drawElement(canvas, root, start, named);
}
