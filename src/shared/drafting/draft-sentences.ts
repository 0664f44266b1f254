// The sentences of drafts, by intent, language and tone. Each says only what the facts say; what is not known is left out, and
// the sentence that stands there instead is whole.
import type { DraftFacts, DraftIntent, DraftLanguage, DraftTone, TalkKind } from '#shared/drafting/draft-types.ts';

export interface DraftBody {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

type Write = (facts: DraftFacts) => DraftBody;
type Sentences = Readonly<Record<DraftIntent, Readonly<Record<DraftTone, Write>>>>;

const englishTalk: Readonly<Record<TalkKind, string>> = { call: 'call', meeting: 'meeting', demo: 'demonstration' };
/** With its article, after “für” and after “in”. */
const germanTalk: Readonly<Record<TalkKind, string>> = {
  call: 'das Telefonat',
  meeting: 'das Treffen',
  demo: 'die Vorführung',
};

const talk = ({ lastTalk }: DraftFacts): string | null =>
  lastTalk === undefined ? null : `${englishTalk[lastTalk.kind]} on ${lastTalk.day}`;
const gespraech = ({ lastTalk }: DraftFacts): string | null =>
  lastTalk === undefined ? null : `${germanTalk[lastTalk.kind]} am ${lastTalk.day}`;

const about = (deal: string | undefined, before: string, otherwise: string): string =>
  deal === undefined ? otherwise : `${before}${deal}`;
const quoted = (deal: string | undefined, before: string, otherwise: string): string =>
  deal === undefined ? otherwise : `${before}„${deal}“`;

function daysIn(freeDays: readonly string[] | undefined, or: string): string | null {
  const [first, second] = freeDays ?? [];
  if (first === undefined) return null;
  return second === undefined ? first : `${first} ${or} ${second}`;
}

const english: Sentences = {
  followUp: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Following up: ', 'Following up on our conversation'),
      paragraphs: [
        talk(facts) === null
          ? `I would like to come back to ${facts.deal ?? 'our conversation'}.`
          : `Thank you for our ${talk(facts) ?? ''}${about(facts.deal, ' about ', '')}.`,
        'Have any questions come up in the meantime? I would be glad to answer them, and to hear what you need from me for the next step.',
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Following up: ', 'Following up'),
      paragraphs: [
        talk(facts) === null
          ? `I wanted to come back to ${facts.deal ?? 'our conversation'}.`
          : `Thanks for our ${talk(facts) ?? ''}${about(facts.deal, ' about ', '')}.`,
        'Any questions since then? Just tell me what you need for the next step.',
      ],
    }),
  },
  thanks: {
    formal: (facts) => ({
      subject: 'Thank you',
      paragraphs: [
        `Thank you very much for ${talk(facts) === null ? 'your time' : `the ${talk(facts) ?? ''}`}${about(facts.company, ' and for the insight into ', '')}.`,
        facts.deal === undefined
          ? 'I look forward to continuing our conversation.'
          : `I look forward to the next steps with ${facts.deal}.`,
      ],
    }),
    informal: (facts) => ({
      subject: 'Thank you!',
      paragraphs: [
        `Thanks a lot for ${talk(facts) === null ? 'your time' : `the ${talk(facts) ?? ''}`}.`,
        about(facts.deal, 'I look forward to the next steps with ', 'I look forward to talking again') + '.',
      ],
    }),
  },
  meeting: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Proposal for a meeting: ', 'Proposal for a meeting'),
      paragraphs: [
        `I would like to discuss ${facts.deal ?? 'the next steps'} with you in person or by video; half an hour is enough.`,
        daysIn(facts.freeDays, 'or') === null
          ? 'Which day would suit you?'
          : `Would ${daysIn(facts.freeDays, 'or') ?? ''} suit you? If not, please propose a day that does.`,
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Shall we meet? ', 'Shall we meet?'),
      paragraphs: [
        `I'd like to talk about ${facts.deal ?? 'the next steps'} with you; half an hour is enough.`,
        daysIn(facts.freeDays, 'or') === null
          ? 'Which day suits you?'
          : `Does ${daysIn(facts.freeDays, 'or') ?? ''} suit you? If not, just name a day that does.`,
      ],
    }),
  },
  offer: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Our offer: ', 'Our offer'),
      paragraphs: [
        `May I ask whether you have had the time to look at our offer${about(facts.deal, ' for ', '')}?`,
        'If anything is unclear, or should be different, I will gladly adapt it. When do you expect to decide?',
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Our offer: ', 'Our offer'),
      paragraphs: [
        `Have you had a chance to look at our offer${about(facts.deal, ' for ', '')}?`,
        "If anything is unclear, or should be different, I'm happy to change it. When do you expect to decide?",
      ],
    }),
  },
  reengage: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Still of interest? ', 'Still of interest?'),
      paragraphs: [
        talk(facts) === null
          ? `It has been some time since we last spoke${about(facts.deal, ' about ', '')}.`
          : `Since our ${talk(facts) ?? ''} we have not spoken${about(facts.deal, ' about ', '')}.`,
        `Is this still of interest to ${facts.company ?? 'you'}? If the time is not right, a short word is enough, and I will come back later.`,
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Still interested? ', 'Still interested?'),
      paragraphs: [
        talk(facts) === null
          ? `It's been a while since we last spoke${about(facts.deal, ' about ', '')}.`
          : `We haven't spoken${about(facts.deal, ' about ', '')} since our ${talk(facts) ?? ''}.`,
        "Is it still on your list? If it isn't the right time, just say so, and I'll come back later.",
      ],
    }),
  },
};

const german: Sentences = {
  followUp: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Rückfrage: ', 'Zu unserem Gespräch'),
      paragraphs: [
        gespraech(facts) === null
          ? `ich komme gern auf ${quoted(facts.deal, '', 'unser Gespräch')} zurück.`
          : `vielen Dank für ${gespraech(facts) ?? ''}${quoted(facts.deal, ' zu ', '')}.`,
        'Sind inzwischen Fragen aufgekommen? Ich beantworte sie gern. Was brauchen Sie von mir für den nächsten Schritt?',
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Rückfrage: ', 'Zu unserem Gespräch'),
      paragraphs: [
        gespraech(facts) === null
          ? `ich komme gern auf ${quoted(facts.deal, '', 'unser Gespräch')} zurück.`
          : `danke für ${gespraech(facts) ?? ''}${quoted(facts.deal, ' zu ', '')}.`,
        'Sind inzwischen Fragen aufgekommen? Sag mir einfach, was du für den nächsten Schritt brauchst.',
      ],
    }),
  },
  thanks: {
    formal: (facts) => ({
      subject: 'Vielen Dank',
      paragraphs: [
        `vielen Dank für ${gespraech(facts) ?? 'Ihre Zeit'}${facts.company === undefined ? '' : ` und für die Einblicke bei ${facts.company}`}.`,
        facts.deal === undefined
          ? 'Ich freue mich darauf, unser Gespräch fortzusetzen.'
          : `Ich freue mich auf die nächsten Schritte bei „${facts.deal}“.`,
      ],
    }),
    informal: (facts) => ({
      subject: 'Danke!',
      paragraphs: [
        `herzlichen Dank für ${gespraech(facts) ?? 'deine Zeit'}.`,
        facts.deal === undefined
          ? 'Ich freue mich auf unser nächstes Gespräch.'
          : `Ich freue mich auf die nächsten Schritte bei „${facts.deal}“.`,
      ],
    }),
  },
  meeting: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Terminvorschlag: ', 'Terminvorschlag'),
      paragraphs: [
        `ich möchte ${quoted(facts.deal, '', 'die nächsten Schritte')} gern persönlich oder per Video mit Ihnen besprechen; eine halbe Stunde genügt.`,
        daysIn(facts.freeDays, 'oder') === null
          ? 'Welcher Tag passt Ihnen?'
          : `Passt Ihnen ${daysIn(facts.freeDays, 'oder') ?? ''}? Wenn nicht, schlagen Sie gern einen anderen Tag vor.`,
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Terminvorschlag: ', 'Terminvorschlag'),
      paragraphs: [
        `ich würde ${quoted(facts.deal, '', 'die nächsten Schritte')} gern mit dir besprechen; eine halbe Stunde genügt.`,
        daysIn(facts.freeDays, 'oder') === null
          ? 'Welcher Tag passt dir?'
          : `Passt dir ${daysIn(facts.freeDays, 'oder') ?? ''}? Wenn nicht, nenn mir einfach einen anderen Tag.`,
      ],
    }),
  },
  offer: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Unser Angebot: ', 'Unser Angebot'),
      paragraphs: [
        `konnten Sie unser Angebot${quoted(facts.deal, ' zu ', '')} schon ansehen?`,
        'Wenn etwas unklar ist oder anders sein soll, passe ich es gern an. Bis wann möchten Sie entscheiden?',
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Unser Angebot: ', 'Unser Angebot'),
      paragraphs: [
        `konntest du unser Angebot${quoted(facts.deal, ' zu ', '')} schon ansehen?`,
        'Wenn etwas unklar ist oder anders sein soll, ändere ich es gern. Bis wann möchtest du entscheiden?',
      ],
    }),
  },
  reengage: {
    formal: (facts) => ({
      subject: about(facts.deal, 'Noch von Interesse? ', 'Noch von Interesse?'),
      paragraphs: [
        `wir haben ${facts.lastTalk === undefined ? 'eine Weile' : `seit dem ${facts.lastTalk.day}`} nicht mehr${quoted(facts.deal, ' über ', '')} gesprochen.`,
        `Ist das Thema ${facts.company === undefined ? 'für Sie' : `für ${facts.company}`} noch von Interesse? Wenn es gerade nicht passt, genügt ein kurzes Wort, und ich melde mich später wieder.`,
      ],
    }),
    informal: (facts) => ({
      subject: about(facts.deal, 'Noch interessant? ', 'Noch interessant?'),
      paragraphs: [
        `wir haben ${facts.lastTalk === undefined ? 'eine Weile' : `seit dem ${facts.lastTalk.day}`} nicht mehr${quoted(facts.deal, ' über ', '')} gesprochen.`,
        'Ist das Thema für dich noch interessant? Wenn es gerade nicht passt, sag einfach kurz Bescheid, und ich melde mich später wieder.',
      ],
    }),
  },
};

export function bodyOf(language: DraftLanguage, tone: DraftTone, intent: DraftIntent, facts: DraftFacts): DraftBody {
  return (language === 'de' ? german : english)[intent][tone](facts);
}
