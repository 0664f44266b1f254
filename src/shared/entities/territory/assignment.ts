// Which territory an account belongs to by rule. Rules are tried in their order, and the first that fits wins; of rules
// with the same order the one deeper in the tree, which says more. A rule that applies to child territories has to fit
// for theirs as well. Contacts and deals follow their account.
import { account } from '#shared/entities/account/account.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { MOST_LEVELS, placesOfTree } from '#shared/access/tree.ts';
import { compareText, matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn, Filter } from '#shared/query/filter.ts';
import { isFilter } from '#shared/query/is-filter.ts';

interface Rule {
  readonly territoryId: string;
  readonly order: number;
  readonly level: number;
  /** All of them have to fit: the own filter and those of the territories above that apply to children. */
  readonly filters: readonly Filter[];
}

/** Answers the territory of an account, null when no rule fits. */
export type Assign = (values: Readonly<Record<string, unknown>>, asked: AskedOn) => string | null;

/** Rules without an order come last. */
const LAST = Number.MAX_SAFE_INTEGER;

export function compileRules(territories: readonly AnyRecord[]): Assign {
  const rules = collectRules(territories);
  return (values, asked) => {
    const fitting = rules.find((rule) => rule.filters.every((filter) => matchesFilter(account, filter, values, asked)));
    return fitting?.territoryId ?? null;
  };
}

function collectRules(territories: readonly AnyRecord[]): readonly Rule[] {
  const byId = new Map(territories.map((record) => [record.id, record]));
  const places = placesOfTree(new Map(territories.map((record) => [record.id, parentIdOf(record)])));
  const rules = territories.flatMap((record): readonly Rule[] => {
    const own = ruleOf(record);
    if (own === null) return [];
    const order = typeof record['ruleOrder'] === 'number' ? record['ruleOrder'] : LAST;
    const filters = [own, ...rulesAbove(record, byId)];
    return [{ territoryId: record.id, order, level: places.get(record.id)?.level ?? 0, filters }];
  });
  return rules.toSorted((a, b) => a.order - b.order || b.level - a.level || compareText(a.territoryId, b.territoryId));
}

function rulesAbove(record: AnyRecord, byId: ReadonlyMap<string, AnyRecord>): readonly Filter[] {
  const found: Filter[] = [];
  let above = byId.get(parentIdOf(record) ?? '');
  for (let level = 0; above !== undefined && level < MOST_LEVELS; level += 1) {
    const rule = above['ruleToChildren'] === true ? ruleOf(above) : null;
    if (rule !== null) found.push(rule);
    above = byId.get(parentIdOf(above) ?? '');
  }
  return found;
}

function ruleOf(record: AnyRecord): Filter | null {
  const filter = record['ruleFilter'];
  return isFilter(account, filter) ? filter : null;
}

function parentIdOf(record: AnyRecord): string | null {
  return typeof record['parentId'] === 'string' && record['parentId'] !== '' ? record['parentId'] : null;
}
