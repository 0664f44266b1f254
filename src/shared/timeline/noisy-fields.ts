// Fields whose changes nobody wants to read on a timeline. The definition of a field proposes, the organization decides; the
// audit tells of all of them.
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

export interface TimelineRules {
  /** Names `entity.field` that the organization decided about, each in one of the two. */
  readonly hidden: ReadonlySet<string>;
  readonly shown: ReadonlySet<string>;
}

const namesOf = (value: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []);

/** Of the record of the organization; what it did not decide is as the definitions propose. */
export function timelineRulesOf(organization: Readonly<Record<string, unknown>> | null | undefined): TimelineRules {
  return { hidden: namesOf(organization?.['timelineHidden']), shown: namesOf(organization?.['timelineShown']) };
}

export function isOnTimeline(rules: TimelineRules, definition: EntityDefinition, field: string): boolean {
  const name = `${definition.name}.${field}`;
  if (rules.shown.has(name)) return true;
  return !rules.hidden.has(name) && definition.fields[field]?.noisy !== true;
}
