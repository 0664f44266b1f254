// How a mail begins and ends. Whoever is addressed formally is called by a title only where the record has one: nobody is
// guessed to be a woman or a man.
import type { DraftFacts, DraftLanguage, DraftTone } from '#shared/drafting/draft-types.ts';

const WOMAN = /^(?:frau|fr\.?|ms\.?|mrs\.?|miss)\b/i;
const MAN = /^(?:herr|hr\.?|mr\.?)(?:\s|$)/i;

export function greetingOf(language: DraftLanguage, tone: DraftTone, facts: DraftFacts): string {
  const { firstName, lastName } = facts;
  const full = [firstName, lastName].filter((part) => part !== undefined).join(' ');
  if (language === 'de') {
    if (tone === 'informal') return firstName === undefined ? 'Hallo,' : `Hallo ${firstName},`;
    return germanGreeting(facts.salutation ?? '', lastName, full);
  }
  if (tone === 'informal') return firstName === undefined ? 'Hello,' : `Hi ${firstName},`;
  const title = englishTitle(facts.salutation ?? '');
  if (title !== null && lastName !== undefined) return `Dear ${title} ${lastName},`;
  return full === '' ? 'Dear Sir or Madam,' : `Dear ${full},`;
}

function germanGreeting(salutation: string, lastName: string | undefined, full: string): string {
  const degree = /\b(?:Prof\.|Dr\.)(?:\s*Dr\.)?/.exec(salutation)?.[0];
  const name = [degree, lastName].filter((part) => part !== undefined).join(' ');
  if (lastName !== undefined && WOMAN.test(salutation)) return `Sehr geehrte Frau ${name},`;
  if (lastName !== undefined && MAN.test(salutation)) return `Sehr geehrter Herr ${name},`;
  return full === '' ? 'Sehr geehrte Damen und Herren,' : `Guten Tag ${full},`;
}

function englishTitle(salutation: string): string | null {
  if (/\bprof/i.test(salutation)) return 'Professor';
  if (/\bdr\b/i.test(salutation)) return 'Dr';
  if (WOMAN.test(salutation)) return 'Ms';
  return MAN.test(salutation) ? 'Mr' : null;
}

export function closingOf(language: DraftLanguage, tone: DraftTone, facts: DraftFacts): string {
  const name = tone === 'informal' ? (facts.senderFirstName ?? facts.sender) : facts.sender;
  const words =
    language === 'de'
      ? { formal: 'Mit freundlichen Grüßen', informal: 'Viele Grüße' }
      : { formal: 'Kind regards,', informal: 'Best,' };
  return name === undefined ? words[tone] : `${words[tone]}\n${name}`;
}

/** A line with which a mail begins; `Hello` inside a sentence is none. */
export const GREETING =
  /^(?:dear|hi|hello|good (?:morning|afternoon)|sehr geehrte|guten (?:tag|morgen)|hallo|liebe[rs]?|moin)\b[^\n]{0,80}[,!]?$/i;
/** A line with which a mail ends; what follows is a signature. */
export const CLOSING =
  /^(?:kind|best|warm|many thanks and)? ?(?:regards|wishes|best|cheers|sincerely|yours (?:sincerely|faithfully))[,.]?$|^(?:mit )?(?:freundlichen?|besten?|herzlichen?|viele|schöne|liebe) gr(?:ü|ue)(?:ß|ss)en?[,.]?$/i;
