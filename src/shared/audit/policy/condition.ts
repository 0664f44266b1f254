// The language of conditions of audit policies: `is_sensitive == True and action in ("lead_exported", "login")`. A text is read
// into a tree of a few kinds and nothing is ever run: names are looked up among the facts of an entry, and that is all there
// is. What is wrong is told with its place.

export type ConditionValue = string | number | boolean | null;

export type Condition =
  | { readonly kind: 'value'; readonly value: ConditionValue }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'compare'; readonly by: Comparison; readonly left: Condition; readonly right: Condition };

export const comparisons = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'contains', 'startswith'] as const;
export type Comparison = (typeof comparisons)[number];

/** What an entry says, by the names conditions use. */
export const factNames = [
  'action',
  'command',
  'operation',
  'entity_type',
  'entity_id',
  'user',
  'user_email',
  'success',
  'outcome',
  'error',
  'is_sensitive',
  'requires_review',
  'changed_fields',
  'ip_address',
  'user_agent',
  'device',
  'session',
  'hour',
  'weekday',
] as const;
export type FactName = (typeof factNames)[number];

export interface ConditionProblem {
  readonly code: 'tooLong' | 'tooDeep' | 'unexpected' | 'unknownName' | 'unfinished';
  /** Character where it is, from 0. */
  readonly at: number;
  readonly word: string;
}

export type ParsedCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly problem: ConditionProblem };

const MOST_CHARACTERS = 500;
const MOST_DEPTH = 20;

interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const tokenPattern =
  /\s*(?:(?<number>-?\d+(?:\.\d+)?)|"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<word>[A-Za-z_][\w.]*)|(?<sign>==|!=|<=|>=|&&|\|\||[<>=!(),[\]]))/y;

class Wrong extends Error {
  readonly problem: ConditionProblem;
  constructor(code: ConditionProblem['code'], { at, text }: Pick<Token, 'at' | 'text'>) {
    super(code);
    this.problem = { code, at, word: text };
  }
}

function toTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  for (let at = 0; at < end; at = tokenPattern.lastIndex) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null) throw new Wrong('unexpected', { at, text: text.slice(at).trim().slice(0, 1) });
    const { number, double, single, word, sign } = match.groups ?? {};
    const where = at + match[0].length - match[0].trimStart().length;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at: where });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at: where });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at: where });
    else tokens.push({ kind: 'text', text: double ?? single ?? '', at: where });
  }
  return [...tokens, { kind: 'end', text: '', at: end }];
}

const constants: Readonly<Record<string, ConditionValue>> = { true: true, false: false, none: null, null: null };
const spelled: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not', '=': '==' };

function createParser(tokens: readonly Token[]) {
  let place = 0;
  const end: Token = tokens.at(-1) ?? { kind: 'end', text: '', at: 0 };
  const peek = (): Token => tokens[place] ?? end;
  const nameOf = ({ kind, text }: Token): string =>
    kind === 'word' || kind === 'sign' ? (spelled[text] ?? text.toLowerCase()) : '';
  const take = (): Token => {
    const token = peek();
    place += 1;
    return token;
  };
  const takes = (name: string): boolean => {
    if (nameOf(peek()) !== name) return false;
    place += 1;
    return true;
  };
  const expect = (sign: string): void => {
    const token = peek();
    if (!takes(sign)) throw new Wrong(token.kind === 'end' ? 'unfinished' : 'unexpected', token);
  };

  function joined(kind: 'and' | 'or', next: (depth: number) => Condition, depth: number): Condition {
    const parts = [next(depth)];
    while (takes(kind)) parts.push(next(depth));
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, parts };
  }
  const any = (depth: number): Condition => joined('or', all, depth);
  const all = (depth: number): Condition => joined('and', negated, depth);

  function negated(depth: number): Condition {
    if (depth > MOST_DEPTH) throw new Wrong('tooDeep', peek());
    return takes('not') ? { kind: 'not', of: negated(depth + 1) } : compared(depth);
  }

  function comparison(): Comparison | null {
    if (nameOf(peek()) === 'not' && nameOf(tokens[place + 1] ?? end) === 'in') {
      place += 2;
      return 'not in';
    }
    const found = comparisons.find((known) => known === nameOf(peek()));
    if (found !== undefined) place += 1;
    return found ?? null;
  }

  function compared(depth: number): Condition {
    const left = operand(depth);
    const by = comparison();
    return by === null ? left : { kind: 'compare', by, left, right: operand(depth) };
  }

  function items(closing: string, depth: number, first?: Condition): Condition {
    const found = first === undefined ? [] : [first];
    while (!takes(closing)) {
      if (found.length > 0) expect(',');
      if (takes(closing)) break;
      found.push(operand(depth + 1));
    }
    return { kind: 'list', items: found };
  }

  function operand(depth: number): Condition {
    if (depth > MOST_DEPTH) throw new Wrong('tooDeep', peek());
    const token = take();
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: token.text };
    if (token.kind === 'sign' && token.text === '[') return items(']', depth);
    if (token.kind === 'sign' && token.text === '(') {
      const inner = any(depth + 1);
      if (nameOf(peek()) === ',') return items(')', depth, inner);
      expect(')');
      return inner;
    }
    if (token.kind === 'word') return named(token);
    throw new Wrong(token.kind === 'end' ? 'unfinished' : 'unexpected', token);
  }

  return { any, atEnd: peek };
}

function named(token: Token): Condition {
  const lower = token.text.toLowerCase();
  if (Object.hasOwn(constants, lower)) return { kind: 'value', value: constants[lower] ?? null };
  if (!factNames.some((known) => known === lower)) throw new Wrong('unknownName', token);
  return { kind: 'name', name: lower };
}

/** The tree of a condition, or what is wrong with it and where. */
export function parseCondition(text: string): ParsedCondition {
  if (text.length > MOST_CHARACTERS)
    return { ok: false, problem: { code: 'tooLong', at: MOST_CHARACTERS, word: String(MOST_CHARACTERS) } };
  try {
    const parser = createParser(toTokens(text));
    const condition = parser.any(0);
    const rest = parser.atEnd();
    if (rest.kind !== 'end') throw new Wrong('unexpected', rest);
    return { ok: true, condition };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, problem: error.problem };
    throw error;
  }
}
