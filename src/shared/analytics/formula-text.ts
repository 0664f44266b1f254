// Formulas as people read and write them: with the names of the values in square brackets in place of their ids, which stay
// when a value is renamed or the language is another.

import { measuresIn, parseFormula, type FormulaProblem } from '#shared/analytics/pivot/formula-parse.ts';
import type { PivotMeasure } from '#shared/analytics/pivot-spec.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

/** Names of a formula: in brackets, or a plain word that is no function. */
const NAME = /\[([^\]]+)\]|([\p{L}_][\p{L}\p{N}_]*)(?!\s*\(|[\p{L}\p{N}_])/gu;
const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

function rewrite(text: string, to: (name: string) => string | undefined): string {
  return text.replaceAll(NAME, (found: string, bracketed?: string, word?: string) => {
    return to(bracketed ?? word ?? '') ?? found;
  });
}

/** A value of the pivot and what it is called in a formula. */
export interface FormulaName {
  readonly id: string;
  readonly name: string;
}

/** Names that can be written in a formula: a bracket would end them, and the second of two equal ones means the first. */
function writable(names: readonly FormulaName[]): readonly FormulaName[] {
  const isFirst = ({ name }: FormulaName, at: number): boolean =>
    names.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === at;
  return names.filter((one, at) => one.name !== '' && !/[[\]]/.test(one.name) && isFirst(one, at));
}

/** What stands in a formula for a value. */
export function inBrackets(names: readonly FormulaName[], id: string): string {
  return `[${writable(names).find((one) => one.id === id)?.name ?? id}]`;
}

/** The kept formula for its editor. */
export function formulaInNames(formula: string, names: readonly FormulaName[]): string {
  return rewrite(formula, (id) => (names.some((one) => one.id === id) ? inBrackets(names, id) : undefined));
}

/** The kept formula as a title: “Amount / Deals”. */
export function formulaTitle(formula: string, names: readonly FormulaName[]): string {
  return rewrite(formula, (id) => names.find((one) => one.id === id)?.name);
}

function idOf(names: readonly FormulaName[], name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  const found = writable(names).find((one) => one.name.toLowerCase() === wanted);
  return (found ?? names.find(({ id }) => id === name))?.id;
}

/** What was typed, to be kept. Small letters are as good as capital ones; an id is understood, too. */
export function formulaInIds(text: string, names: readonly FormulaName[]): string {
  return rewrite(text, (name) => {
    const id = idOf(names, name);
    return id === undefined || PLAIN.test(id) ? id : `[${id}]`;
  });
}

export interface WrongFormula {
  readonly problem: FormulaProblem;
  /** Place in the text that was typed, from 1. */
  readonly position: number;
  readonly found: string;
}

/** What is wrong with a typed formula of the value `own`; null: nothing. */
export function checkFormula(
  text: string,
  names: readonly FormulaName[],
  values: readonly PivotMeasure[],
  own: string,
): WrongFormula | null {
  try {
    for (const { id: name, position } of measuresIn(parseFormula(own, text))) {
      const id = idOf(names, name);
      if (id === own || (id !== undefined && leadsTo(values, id, own)))
        return { problem: 'circle', position, found: name };
      if (id === undefined) return { problem: 'unknownMeasure', position, found: name };
    }
    return null;
  } catch (error) {
    const { code, details } = toOutpostError(error);
    if (code !== 'wrong_formula') throw error;
    return details as unknown as WrongFormula;
  }
}

/** True when the value `from` is made of the value `to`, however many steps away. */
function leadsTo(values: readonly PivotMeasure[], from: string, to: string, seen: readonly string[] = []): boolean {
  const measure = values.find(({ id }) => id === from);
  if (measure?.kind !== 'formula' || seen.includes(from)) return false;
  const parts = partsOf(measure.formula);
  return parts.includes(to) || parts.some((part) => leadsTo(values, part, to, [...seen, from]));
}

function partsOf(formula: string): readonly string[] {
  return [...formula.matchAll(NAME)].map(([, bracketed, word]) => bracketed ?? word ?? '');
}
