// What an organization decides about its figures, for everybody and offline: the currency amounts are added up in, where
// its year begins, on which days it works, and how it looks. One record with a known id; without it, the defaults below hold.
import { ACCENT } from '#shared/brand/accent.ts';
import { MOST_BRAND_NAME } from '#shared/brand/brand.ts';
import { MOST_LOGO_LETTERS, readLogo } from '#shared/brand/check-logo.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

/** Id of the one record. */
export const ORGANIZATION_ID = 'organization';

/** Monday first, as `weekdays` counts them from 1. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

export interface OrganizationFigures {
  readonly currency: string;
  /** Month 1 to 12. */
  readonly fiscalYearStart: number;
  /** 1 (Monday) to 7 (Sunday). */
  readonly workingDays: readonly number[];
}

export const defaultFigures: OrganizationFigures = {
  currency: 'EUR',
  fiscalYearStart: 1,
  workingDays: [1, 2, 3, 4, 5],
};

export const organization = defineEntity({
  name: 'organization',
  collection: 'catalog',
  label: 'Organization',
  labelPlural: 'Organizations',
  titleField: 'currency',
  audience: 'tenant',
  fields: {
    currency: { type: 'currency', label: 'Currency', required: true },
    fiscalYearStart: { type: 'integer', label: 'First month of the fiscal year' },
    highValueThreshold: { type: 'money', label: 'A deal is a large one from' },
    workingDays: {
      type: 'multiSelect',
      label: 'Working days',
      options: toOptions({
        mon: 'Monday',
        tue: 'Tuesday',
        wed: 'Wednesday',
        thu: 'Thursday',
        fri: 'Friday',
        sat: 'Saturday',
        sun: 'Sunday',
      }),
    },
    /** Fields, as `account.website`, whose changes timelines leave out, and noisy ones whose changes they tell all the same. */
    timelineHidden: { type: 'tags', label: 'Left out of timelines' },
    timelineShown: { type: 'tags', label: 'Told on timelines' },
    /** How the organization looks (`#shared/brand/brand.ts`). */
    brandName: { type: 'text', label: 'Name that is shown', maxLength: MOST_BRAND_NAME },
    brandLogo: { type: 'longText', label: 'Logo', maxLength: MOST_LOGO_LETTERS },
    brandAccent: { type: 'text', label: 'Accent colour', maxLength: 7 },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    currency: 'manual',
    fiscalYearStart: 'manual',
    workingDays: 'manual',
    highValueThreshold: 'manual',
    timelineHidden: 'set',
    timelineShown: 'set',
  },
  validate(record): readonly FieldProblem[] {
    const { fiscalYearStart: month, brandLogo, brandAccent } = record;
    const problems: FieldProblem[] = [];
    if (typeof month === 'number' && !(month >= 1 && month <= 12))
      problems.push({ field: 'fiscalYearStart', code: 'month', message: 'Enter a month from 1 to 12.' });
    if (typeof brandLogo === 'string' && readLogo(brandLogo) === null)
      problems.push({
        field: 'brandLogo',
        code: 'logo',
        message: 'A logo is a PNG of at most 512 × 512 pixels and 48 kB.',
      });
    if (typeof brandAccent === 'string' && !ACCENT.test(brandAccent))
      problems.push({ field: 'brandAccent', code: 'color', message: 'Enter a colour like #4357c7.' });
    return problems;
  },
});
export type Organization = RecordOf<typeof organization>;

/** From which worth on a deal is told to the people above its owner, in minor units; null: the organization tells of none. */
export function highValueThresholdOf(record: object | null | undefined): number | null {
  const threshold = isPlainObject(record) ? record['highValueThreshold'] : null;
  return typeof threshold === 'number' && threshold > 0 ? threshold : null;
}

/** What holds for an organization, with a default for everything it did not decide. */
export function figuresOf(record: object | null | undefined): OrganizationFigures {
  if (!isPlainObject(record)) return defaultFigures;
  const { currency, fiscalYearStart, workingDays } = record;
  const days = Array.isArray(workingDays)
    ? weekdays.flatMap((day, at) => (workingDays.includes(day) ? [at + 1] : []))
    : [];
  return {
    currency: typeof currency === 'string' ? currency : defaultFigures.currency,
    fiscalYearStart: typeof fiscalYearStart === 'number' ? fiscalYearStart : defaultFigures.fiscalYearStart,
    workingDays: days.length === 0 ? defaultFigures.workingDays : days,
  };
}
