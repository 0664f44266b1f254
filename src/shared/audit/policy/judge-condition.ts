// Whether a condition holds for an entry. Values of different kinds are never equal and never greater; nothing throws.
import type { Comparison, Condition, FactName } from '#shared/audit/policy/condition.ts';

export type Fact = string | number | boolean | null | readonly string[];
export type Facts = Readonly<Record<FactName, Fact>>;

type Value = Fact | readonly Value[];

function valueOf(condition: Condition, facts: Facts): Value {
  if (condition.kind === 'value') return condition.value;
  if (condition.kind === 'name') return facts[condition.name as FactName] ?? null;
  if (condition.kind === 'list') return condition.items.map((item) => valueOf(item, facts));
  return holds(condition, facts);
}

function isAmong(value: Value, list: Value): boolean {
  return Array.isArray(list) && list.some((item) => item === value);
}

function isBefore(left: Value, right: Value): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  return typeof left === 'string' && typeof right === 'string' && left < right;
}

const compare: Readonly<Record<Comparison, (left: Value, right: Value) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': isBefore,
  '>': (left, right) => isBefore(right, left),
  '<=': (left, right) => isBefore(left, right) || (left === right && typeof left !== 'boolean' && left !== null),
  '>=': (left, right) => isBefore(right, left) || (left === right && typeof left !== 'boolean' && left !== null),
  in: (left, right) =>
    typeof right === 'string' ? typeof left === 'string' && right.includes(left) : isAmong(left, right),
  'not in': (left, right) => !compare.in(left, right),
  contains: (left, right) => compare.in(right, left),
  startswith: (left, right) => typeof left === 'string' && typeof right === 'string' && left.startsWith(right),
};

function isTrue(value: Value): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== false && value !== 0 && value !== '';
}

/** Does it hold for these facts? */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, facts));
    case 'or':
      return condition.parts.some((part) => holds(part, facts));
    case 'not':
      return !holds(condition.of, facts);
    case 'compare':
      return compare[condition.by](valueOf(condition.left, facts), valueOf(condition.right, facts));
    case 'name':
    case 'list':
    case 'value':
      return isTrue(valueOf(condition, facts));
  }
}
