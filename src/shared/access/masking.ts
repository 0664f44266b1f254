// How the text of a masked value is made. `partial` and `redact` are functions of the value alone and stand here; `hash`,
// `encrypt` and `tokenize` need a key or a store that only the server has. No text tells how long the value is.
import { MASK } from '#shared/access/field-policy.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export const maskTypes = ['redact', 'partial', 'hash', 'encrypt', 'tokenize'] as const;
export type MaskType = (typeof maskTypes)[number];

export interface MaskConfig {
  readonly showFirst: number;
  readonly showLast: number;
  readonly maskChar: string;
}

export interface MaskRule {
  readonly maskType: MaskType;
  readonly config: MaskConfig;
}

export const defaultMaskConfig: MaskConfig = { showFirst: 2, showLast: 0, maskChar: '*' };
/** Where no rule of the registry says how. */
export const defaultMaskRule: MaskRule = { maskType: 'redact', config: defaultMaskConfig };

/** Most characters that either end may show. */
export const MOST_SHOWN = 8;
const MASKED_CHARACTERS = 5;

/** A stored configuration, made usable: whatever is missing or out of range takes the default. */
export function maskConfigOf(stored: unknown): MaskConfig {
  if (!isPlainObject(stored)) return defaultMaskConfig;
  const { showFirst, showLast, maskChar } = stored;
  return {
    showFirst: toCount(showFirst, defaultMaskConfig.showFirst),
    showLast: toCount(showLast, defaultMaskConfig.showLast),
    maskChar: typeof maskChar === 'string' && Array.from(maskChar).length === 1 ? maskChar : defaultMaskConfig.maskChar,
  };
}

function toCount(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_SHOWN ? value : otherwise;
}

/** Text of a value, the same for equal values; what masks are made of. */
export function maskableText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Its first letter tells yes from no. */
const isTold = (value: unknown): boolean => typeof value === 'boolean';

/** As somebody would write it: the brackets around a list are nobody's end of it. */
function writtenText(value: unknown): string {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value.join(', ')
    : maskableText(value);
}

/**
 * The ends of the value around a fixed number of mask characters. A value so short that its ends would show half of it
 * shows nothing.
 */
export function maskPartially(value: unknown, { showFirst, showLast, maskChar }: MaskConfig): string {
  const characters = Array.from(writtenText(value));
  const hidden = maskChar.repeat(MASKED_CHARACTERS);
  if (isTold(value) || (showFirst + showLast) * 2 > characters.length) return hidden;
  const last = showLast === 0 ? [] : characters.slice(-showLast);
  return `${characters.slice(0, showFirst).join('')}${hidden}${last.join('')}`;
}

/** How the result looks, for whoever configures it: of the keyed strategies a sample, because the key stays on the server. */
export function previewMask(value: unknown, rule: MaskRule): string {
  switch (rule.maskType) {
    case 'partial':
      return maskPartially(value, rule.config);
    case 'redact':
      return MASK.$masked;
    case 'hash':
      return '#3f9a1c07b2d4';
    case 'encrypt':
      return 'enc:nXk2…';
    case 'tokenize':
      return 'tok_8Qm4rT2wZx';
  }
}
