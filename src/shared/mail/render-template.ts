// Mails with places for values: `{first_name}`, with what stands there when nobody knows it: `{first_name|there}`. A brace
// that does not open such a place is a brace (a style sheet stays what it is), `\{name}` is the text `{name}`. Nothing else
// is understood: no conditions, no expressions, nothing that runs. Values never carry markup or line ends into a place
// where these would mean something.

/** Values by name. Null, undefined and blank text: not known. */
export type TemplateValues = Readonly<Record<string, string | null | undefined>>;

export interface TemplatePlace {
  readonly name: string;
  /** Null: none was given. An empty fallback means that the place may stay empty. */
  readonly fallback: string | null;
  /** Where it stands in the text, and how long it is there. */
  readonly at: number;
  readonly length: number;
}

export interface RenderedText {
  readonly text: string;
  /** Names that had neither a value nor a fallback; nothing stands in their place. */
  readonly missing: readonly string[];
}

/** How values are put in. `line`: a header, without line ends. `html`: markup, in which values are text. */
export type TemplateForm = 'text' | 'line' | 'html';

const PLACE = /\\?\{[ \t]*([A-Za-z_][A-Za-z0-9_]{0,63})[ \t]*(?:\|([^{}\n]{0,200}))?\}/g;

/** All places of a text, in order. */
export function placesOf(template: string): readonly TemplatePlace[] {
  const places: TemplatePlace[] = [];
  for (const match of template.matchAll(PLACE)) {
    if (match[0].startsWith('\\')) continue;
    const [whole, name = '', fallback] = match;
    places.push({
      name: name.toLowerCase(),
      fallback: fallback?.trim() ?? null,
      at: match.index,
      length: whole.length,
    });
  }
  return places;
}

/** Names that stand in any of these texts and are none of the known ones, each once. */
export function unknownVariables(texts: readonly string[], known: readonly string[]): readonly string[] {
  const names = texts.flatMap((text) => placesOf(text).map(({ name }) => name));
  return [...new Set(names)].filter((name) => !known.includes(name));
}

/** A text with its values. What is not known is left out and named. */
export function renderText(template: string, values: TemplateValues, form: TemplateForm = 'text'): RenderedText {
  const missing = new Set<string>();
  const text = template.replaceAll(PLACE, (whole: string, written: string, fallback: string | undefined) => {
    if (whole.startsWith('\\')) return whole.slice(1);
    const name = written.toLowerCase();
    const value = Object.hasOwn(values, name) ? (values[name] ?? '').trim() : '';
    if (value !== '') return formed(value, form);
    if (fallback === undefined) missing.add(name);
    return formed(fallback?.trim() ?? '', form);
  });
  return { text: form === 'line' ? toHeaderLine(text) : text, missing: [...missing] };
}

function formed(value: string, form: TemplateForm): string {
  return form === 'html' ? escapeHtml(value) : form === 'line' ? toHeaderLine(value) : value;
}

/** One line without anything that could begin another header: every control character and line separator is a space. */
export function toHeaderLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

const entitiesOfHtml: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as markup shows it, also within an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entitiesOfHtml[sign] ?? sign);
}
