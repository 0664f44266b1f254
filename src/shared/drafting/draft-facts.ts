// The facts of a draft, read from records as whoever writes sees them: what is hidden or masked for that person is not known,
// and so it is in no draft.
import { countWorkingDays } from '#shared/kernel/periods.ts';
import type { DraftFacts, DraftLanguage, TalkKind } from '#shared/drafting/draft-types.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { addDays, toEpochMs, type Day } from '#shared/kernel/calendar.ts';
import { mailValuesOf, type MailSubjects } from '#shared/mail/mail-values.ts';

export interface DraftSubjects extends MailSubjects {
  /** The last activity with whom it is written to. */
  readonly lastActivity?: AnyRecord | null;
}

export interface DraftMoment {
  readonly today: Day;
  readonly timeZone: string;
  /** Of the organization, 1 (Monday) to 7. */
  readonly workingDays: readonly number[];
}

/** Two days that leave time to answer. */
const FIRST_FREE_DAY = 2;
const FREE_DAYS = 2;
const LAST_DAY_LOOKED_AT = 30;

const noTalk: ReadonlySet<unknown> = new Set(['not_reached', 'left_message', 'cancelled']);

const isTalk = (type: unknown): type is TalkKind => type === 'call' || type === 'meeting' || type === 'demo';

export function draftFactsOf(subjects: DraftSubjects, language: DraftLanguage, moment: DraftMoment): DraftFacts {
  const locale = language === 'de' ? 'de' : 'en-GB';
  const now = `${moment.today}T12:00:00.000Z`;
  const values = mailValuesOf(subjects, { now, timeZone: moment.timeZone, locale });
  const known = {
    firstName: values['first_name'],
    lastName: values['last_name'],
    salutation: values['salutation'],
    company: values['company_name'],
    deal: values['deal_name'],
    sender: values['sender_name'],
    senderFirstName: values['sender_first_name'],
    lastTalk: lastTalkOf(subjects.lastActivity ?? null, locale, moment),
  };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== null));
  return { ...given, freeDays: freeDaysOf(moment, locale) };
}

/** Somebody was spoken to: a call nobody took and a meeting that was called off are nothing to thank for. */
function lastTalkOf(
  activity: AnyRecord | null,
  locale: string,
  { today, timeZone }: DraftMoment,
): DraftFacts['lastTalk'] | null {
  const kind = activity?.['activityType'];
  const at = activity?.['occurredAt'];
  if (!isTalk(kind) || typeof at !== 'string' || at.slice(0, 10) > today) return null;
  if (noTalk.has(activity?.['outcome'])) return null;
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone }).format(toEpochMs(at));
  return { kind, day };
}

function freeDaysOf({ today, workingDays }: DraftMoment, locale: string): readonly string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const days: string[] = [];
  for (let ahead = FIRST_FREE_DAY; ahead <= LAST_DAY_LOOKED_AT && days.length < FREE_DAYS; ahead += 1) {
    const day = addDays(today, ahead);
    if (countWorkingDays({ start: day, end: day }, workingDays) === 1) days.push(format.format(toEpochMs(day)));
  }
  return days;
}
