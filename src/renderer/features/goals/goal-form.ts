// What the form of a goal holds, and what it hands to the commands.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { goalSpecOf } from '#shared/analytics/goals/goal-spec.ts';
import { periodOf, periodTypes, shiftPeriod, type Period, type PeriodType } from '#shared/kernel/periods.ts';
import {
  defaultMilestones,
  milestonesOf,
  type CountedEntity,
  type GoalMetric,
  type GoalWindow,
} from '#shared/entities/goal/goal.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import { daysOf } from '#shared/kernel/periods.ts';
import type { FieldFilter } from '#shared/query/filter.ts';
import { conditionsOf } from '#renderer/blocks/filter-conditions.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { isFilterShape } from '#shared/query/is-filter.ts';

export interface GoalForm {
  /** `user:<id>` and `team:<id>`. */
  readonly subjects: readonly string[];
  readonly name: string;
  readonly metric: GoalMetric;
  readonly activityType: string | null;
  readonly counted: CountedEntity;
  readonly countedBy: string;
  readonly conditions: readonly FieldFilter[];
  readonly target: number | string | null;
  readonly windowType: GoalWindow;
  readonly window: Period;
  readonly milestones: string;
  readonly note: string;
}

/** What each part of the form is given. */
export interface GoalPartProps {
  readonly form: GoalForm;
  readonly onChange: (next: Partial<GoalForm>) => void;
}

export function periodTypeOf(windowType: GoalWindow): PeriodType | null {
  return periodTypes.find((known) => known === windowType) ?? null;
}

export function emptyForm(today: Day, fiscalYearStart: number): GoalForm {
  return {
    subjects: [],
    name: '',
    metric: 'wonValue',
    activityType: null,
    counted: 'deal',
    countedBy: 'createdAt',
    conditions: [],
    target: null,
    windowType: 'quarter',
    window: periodOf('quarter', today, fiscalYearStart),
    milestones: defaultMilestones.join(', '),
    note: '',
  };
}

/** The same goal once more, for the window after its own: as long, where it is no period. */
function windowAfter(type: GoalWindow, window: Period): Period {
  const period = periodTypeOf(type);
  if (period !== null) return shiftPeriod(period, window, 1);
  return { start: addDays(window.end, 1), end: addDays(window.end, daysOf(window)) };
}

export function formOf(record: LocalRecord, kind: 'change' | 'repeat'): GoalForm | null {
  const spec = goalSpecOf(record);
  if (spec === null) return null;
  const { filter } = record;
  return {
    subjects: [`${spec.subject.kind}:${spec.subject.id}`],
    name: kind === 'change' ? textOf(record['name']) : '',
    metric: spec.metric,
    activityType: spec.activityType,
    counted: spec.metric === 'recordCount' ? (spec.counted as CountedEntity) : 'deal',
    countedBy: spec.countedBy,
    conditions: conditionsOf(isFilterShape(filter) ? filter : null),
    target: spec.target,
    windowType: spec.windowType,
    window: kind === 'change' ? spec.window : windowAfter(spec.windowType, spec.window),
    milestones: milestonesOf(record['milestones']).join(', '),
    note: typeof record['note'] === 'string' ? record['note'] : '',
  };
}

/** Percentages as typed; null for what is no list of them. */
export function readMilestones(text: string): readonly number[] | null {
  const parts = text.split(/[\s,;%]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  const isGood = numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 100);
  return isGood ? [...new Set(numbers)].toSorted((a, b) => a - b) : null;
}

/** What may change later. */
export function changedValues(form: GoalForm, name: string, currency: string) {
  const isMoney = form.metric === 'wonValue';
  return {
    name,
    ...(isMoney ? { targetAmount: form.target, currency } : { targetCount: form.target }),
    milestones: readMilestones(form.milestones) ?? [],
    note: form.note.trim() === '' ? null : form.note.trim(),
  };
}

/** What a goal is made of. */
export function newValues(form: GoalForm, name: string, currency: string) {
  const { metric, activityType, counted, countedBy, conditions, windowType, window } = form;
  return {
    ...changedValues(form, name, currency),
    metric,
    ...(metric === 'activities' && activityType !== null ? { activityType } : {}),
    ...(metric === 'recordCount' ? { countedEntity: counted, countedBy, filter: { and: conditions } } : {}),
    windowType,
    startsOn: window.start,
    endsOn: window.end,
  };
}

export function subjectsOf(form: GoalForm): readonly { readonly entity: 'user' | 'team'; readonly id: string }[] {
  return form.subjects.map((subject) => {
    const [kind, ...rest] = subject.split(':');
    return { entity: kind === 'team' ? 'team' : 'user', id: rest.join(':') };
  });
}
