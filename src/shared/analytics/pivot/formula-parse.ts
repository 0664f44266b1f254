// The language of calculated measures: `won / (won + lost)`. Names of other measures (in square brackets when they are not
// plain words), numbers, + − * /, comparisons, brackets, and the functions if, min, max, abs and round. What cannot be read
// is told with its place.
import { OutpostError } from '#shared/kernel/errors.ts';

export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'measure'; readonly id: string; readonly position: number }
  | { readonly kind: 'negative'; readonly of: Formula }
  | { readonly kind: 'operation'; readonly sign: Operation; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'call'; readonly name: FormulaFunction; readonly values: readonly Formula[] };

export type Operation = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '=' | '<>';
export type FormulaFunction = 'if' | 'min' | 'max' | 'abs' | 'round';

/** Fewest and most values of each function. */
const functions: Readonly<Record<FormulaFunction, readonly [number, number]>> = {
  if: [2, 3],
  min: [1, 20],
  max: [1, 20],
  abs: [1, 1],
  round: [1, 2],
};

const MOST_LENGTH = 1000;
const MOST_DEPTH = 50;

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Place of its first character, counted from 1. */
  readonly position: number;
}

/** What is wrong with a formula; the screen translates `formulaProblems.<problem>`. */
export type FormulaProblem =
  | 'character'
  | 'unfinished'
  | 'unexpected'
  | 'unknownMeasure'
  | 'unknownFunction'
  | 'valueCount'
  | 'circle'
  | 'tooLong';

/** @throws OutpostError `wrong_formula` with the measure, the position (from 1) and what stands there. */
export function wrongFormula(measure: string, problem: FormulaProblem, position: number, found: string): OutpostError {
  const message = `The formula of ${measure} cannot be used (${problem}, at character ${String(position)}: ${found}).`;
  return new OutpostError('wrong_formula', message, { measure, problem, position, found });
}

/** Reads a formula; `measure` is named in errors. */
export function parseFormula(measure: string, text: string): Formula {
  if (text.length > MOST_LENGTH) throw wrongFormula(measure, 'tooLong', MOST_LENGTH + 1, '');
  const tokens = toTokens(measure, text);
  let at = 0;
  const end: Token = { kind: 'end', text: '', position: text.length + 1 };
  const peek = (): Token => tokens[at] ?? end;
  const take = (): Token => {
    at += 1;
    return tokens[at - 1] ?? end;
  };
  const isSign = (...signs: readonly string[]): boolean => peek().kind === 'sign' && signs.includes(peek().text);
  const fail = ({ kind, text: found, position }: Token): OutpostError =>
    wrongFormula(measure, kind === 'end' ? 'unfinished' : 'unexpected', position, found);
  const expect = (sign: string): void => {
    if (!isSign(sign)) throw fail(peek());
    take();
  };

  const readChain = (signs: readonly string[], readPart: (depth: number) => Formula, depth: number): Formula => {
    let left = readPart(depth);
    while (isSign(...signs)) {
      const sign = take().text as Operation;
      left = { kind: 'operation', sign, left, right: readPart(depth) };
    }
    return left;
  };
  const readValue = (depth: number): Formula => {
    const sums = (deeper: number): Formula => readChain(['+', '-'], products, deeper);
    const products = (deeper: number): Formula => readChain(['*', '/'], readOne, deeper);
    if (depth > MOST_DEPTH) throw wrongFormula(measure, 'tooLong', peek().position, peek().text);
    const left = sums(depth);
    if (!isSign('<', '<=', '>', '>=', '=', '<>')) return left;
    return { kind: 'operation', sign: take().text as Operation, left, right: sums(depth) };
  };
  const readOne = (depth: number): Formula => {
    const token = take();
    if (depth > MOST_DEPTH) throw wrongFormula(measure, 'tooLong', token.position, token.text);
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'name' && isSign('(')) return readCall(token, depth + 1);
    if (token.kind === 'name') return { kind: 'measure', id: token.text, position: token.position };
    if (token.text === '-' && token.kind === 'sign') return { kind: 'negative', of: readOne(depth + 1) };
    if (token.text !== '(') throw fail(token);
    const inner = readValue(depth + 1);
    expect(')');
    return inner;
  };
  const readCall = ({ text: name, position }: Token, depth: number): Formula => {
    const limits = Object.hasOwn(functions, name) ? functions[name as FormulaFunction] : undefined;
    if (limits === undefined) throw wrongFormula(measure, 'unknownFunction', position, name);
    const values: Formula[] = [];
    do {
      take();
      values.push(readValue(depth));
    } while (isSign(',', ';'));
    expect(')');
    const [fewest, most] = limits;
    if (values.length < fewest || values.length > most) throw wrongFormula(measure, 'valueCount', position, name);
    return { kind: 'call', name: name as FormulaFunction, values };
  };

  const formula = readValue(0);
  if (peek().kind !== 'end') throw fail(peek());
  return formula;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([\p{L}_][\p{L}\p{N}_]*)|\[([^\]]+)\]|(<=|>=|<>|[-+*/()<>=,;−×÷]))/uy;
const SAME_SIGN: Readonly<Record<string, string>> = { '−': '-', '×': '*', '÷': '/' };

function toTokens(measure: string, text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const start = from + text.slice(from).search(/\S/);
    if (match === null)
      throw wrongFormula(measure, 'character', start + 1, String.fromCodePoint(text.codePointAt(start) ?? 32));
    const [, number, word, bracketed, sign] = match;
    const position = start + 1;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, position });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: SAME_SIGN[sign] ?? sign, position });
    else tokens.push({ kind: 'name', text: word ?? bracketed ?? '', position });
  }
  return tokens;
}

/** The measures a formula is made of, by id, and where they stand. */
export function measuresIn(formula: Formula): readonly { readonly id: string; readonly position: number }[] {
  switch (formula.kind) {
    case 'number': {
      return [];
    }
    case 'measure': {
      return [formula];
    }
    case 'negative': {
      return measuresIn(formula.of);
    }
    case 'operation': {
      return [...measuresIn(formula.left), ...measuresIn(formula.right)];
    }
    case 'call': {
      return formula.values.flatMap(measuresIn);
    }
  }
}
