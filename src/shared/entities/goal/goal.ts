// What a person or a team should reach in a window: a quota over anything that is counted. What it measures, for whom and
// when never changes, so that everybody who saw it speaks of the same goal; its target, name and milestones do. It holds no
// result: how far it is, every computer works out from the records its user sees.
import { isPeriodStart, periodOf, periodTypes } from '#shared/kernel/periods.ts';
import { defineEntity, type EntityName, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import { isFilterShape } from '#shared/query/is-filter.ts';

export const goalMetrics = ['wonValue', 'wonDeals', 'activities', 'newContacts', 'tasksDone', 'recordCount'] as const;
export type GoalMetric = (typeof goalMetrics)[number];

/** Records a goal of one's own making can count. */
export const countedEntities = [
  'deal',
  'lead',
  'account',
  'contact',
  'activity',
  'task',
] as const satisfies readonly EntityName[];
export type CountedEntity = (typeof countedEntities)[number];

export const goalWindows = [...periodTypes, 'custom'] as const;
export type GoalWindow = (typeof goalWindows)[number];

/** In percent of the target; the last one is the target itself. */
export const defaultMilestones: readonly number[] = [25, 50, 75, 100];
const MOST_MILESTONES = 12;

export const goal = defineEntity({
  name: 'goal',
  collection: 'reports',
  label: 'Goal',
  labelPlural: 'Goals',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 120, listed: true },
    metric: {
      type: 'select',
      label: 'Measures',
      required: true,
      listed: true,
      options: toOptions({
        wonValue: 'Revenue won',
        wonDeals: 'Deals won',
        activities: 'Activities',
        newContacts: 'New contacts',
        tasksDone: 'Tasks done',
        recordCount: 'Records of a filter',
      }),
    },
    /** Of activities: only this type. */
    activityType: { type: 'text', label: 'Type of activity', maxLength: 32 },
    countedEntity: {
      type: 'select',
      label: 'Counts',
      options: toOptions({
        deal: 'Deals',
        lead: 'Leads',
        account: 'Accounts',
        contact: 'Contacts',
        activity: 'Activities',
        task: 'Tasks',
      }),
    },
    filter: { type: 'json', label: 'Filter' },
    /** The day of a counted record that has to lie in the window. */
    countedBy: { type: 'text', label: 'Counted by', maxLength: 64 },
    targetAmount: { type: 'money', label: 'Target amount', group: 'target' },
    currency: { type: 'currency', label: 'Currency', group: 'target' },
    targetCount: { type: 'integer', label: 'Target', group: 'target' },
    windowType: {
      type: 'select',
      label: 'Window',
      required: true,
      listed: true,
      options: toOptions({ month: 'Month', quarter: 'Quarter', year: 'Year', custom: 'Any days' }),
    },
    startsOn: { type: 'date', label: 'Begins on', required: true, indexed: true, listed: true },
    endsOn: { type: 'date', label: 'Ends on', required: true, listed: true },
    fiscalYearStart: { type: 'integer', label: 'First month of the fiscal year', required: true, defaultValue: 1 },
    userId: { type: 'reference', to: 'user', label: 'Person', indexed: true, listed: true },
    forTeamId: { type: 'reference', to: 'team', label: 'For the team', indexed: true, listed: true },
    milestones: { type: 'json', label: 'Milestones', defaultValue: [...defaultMilestones] },
    note: { type: 'longText', label: 'Note', maxLength: 2000 },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    metric: 'immutable',
    activityType: 'immutable',
    countedEntity: 'immutable',
    filter: 'immutable',
    countedBy: 'immutable',
    windowType: 'immutable',
    startsOn: 'immutable',
    endsOn: 'immutable',
    fiscalYearStart: 'immutable',
    userId: 'immutable',
    forTeamId: 'immutable',
  },
  validate(record): readonly FieldProblem[] {
    return [...subjectProblems(record), ...targetProblems(record), ...countProblems(record), ...windowProblems(record)];
  },
});
export type Goal = RecordOf<typeof goal>;

type Values = Readonly<Record<string, unknown>>;
const isGiven = (value: unknown): boolean => (value ?? null) !== null;

function subjectProblems({ userId, forTeamId }: Values): readonly FieldProblem[] {
  if (isGiven(userId) !== isGiven(forTeamId)) return [];
  return [{ field: 'userId', code: 'goalOf', message: 'A goal is for one person or one team.' }];
}

function targetProblems({ metric, targetAmount, targetCount, milestones }: Values): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const [field, target] = metric === 'wonValue' ? ['targetAmount', targetAmount] : ['targetCount', targetCount];
  if (!isGiven(target)) problems.push({ field, code: 'required', message: 'A goal needs a target.' });
  else if (typeof target === 'number' && target <= 0)
    problems.push({ field, code: 'aboveZero', message: 'A target is above zero.' });
  if (isGiven(milestones) && !isMilestones(milestones))
    problems.push({ field: 'milestones', code: 'milestones', message: 'Milestones are percentages from 1 to 100.' });
  return problems;
}

function isMilestones(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= MOST_MILESTONES &&
    new Set(value).size === value.length &&
    value.every((item) => typeof item === 'number' && Number.isInteger(item) && item >= 1 && item <= 100)
  );
}

/** The form of a filter; whether its fields exist depends on who looks. */
function countProblems({ metric, countedEntity, filter }: Values): readonly FieldProblem[] {
  if (isGiven(filter) && !isFilterShape(filter))
    return [{ field: 'filter', code: 'filter', message: 'This is no filter.' }];
  if (metric !== 'recordCount' || isGiven(countedEntity)) return [];
  return [{ field: 'countedEntity', code: 'required', message: 'Choose what is counted.' }];
}

function windowProblems({ windowType, startsOn, endsOn, fiscalYearStart }: Values): readonly FieldProblem[] {
  if (typeof fiscalYearStart !== 'number' || fiscalYearStart < 1 || fiscalYearStart > 12)
    return [{ field: 'fiscalYearStart', code: 'month', message: 'Enter a month from 1 to 12.' }];
  if (!isDay(startsOn) || !isDay(endsOn)) return [];
  const type = periodTypes.find((known) => known === windowType);
  if (type === undefined) {
    return startsOn <= endsOn ? [] : [{ field: 'endsOn', code: 'periodEnd', message: 'It ends before it begins.' }];
  }
  if (!isPeriodStart(type, startsOn, fiscalYearStart))
    return [{ field: 'startsOn', code: 'periodStart', message: 'No such period begins on this day.' }];
  if (periodOf(type, startsOn, fiscalYearStart).end === endsOn) return [];
  return [{ field: 'endsOn', code: 'periodEnd', message: 'The period ends on another day.' }];
}

/** Milestones of a goal, rising; what is no milestone is passed over, and the target itself is always one. */
export function milestonesOf(value: unknown): readonly number[] {
  const known = Array.isArray(value)
    ? value.filter((item): item is number => typeof item === 'number')
    : defaultMilestones;
  return [...new Set([...known, 100])].filter((item) => item > 0 && item <= 100).toSorted((a, b) => a - b);
}
