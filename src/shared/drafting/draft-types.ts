// What a draft is asked for and what it is made of. A draft is a beginning: people read it, change it and send it themselves.

export const draftIntents = ['followUp', 'thanks', 'meeting', 'offer', 'reengage'] as const;
export type DraftIntent = (typeof draftIntents)[number];

export const draftLanguages = ['en', 'de'] as const;
export type DraftLanguage = (typeof draftLanguages)[number];

export const draftTones = ['formal', 'informal'] as const;
export type DraftTone = (typeof draftTones)[number];

/** What was talked about last, as far as it can be told to whom it was talked with. */
export type TalkKind = 'call' | 'meeting' | 'demo';

/**
 * What is known for certain and may be said to a customer. Sums, odds, dates of the forecast and notes are the own business of
 * whoever sells and never stand in a draft.
 */
export interface DraftFacts {
  readonly firstName?: string;
  readonly lastName?: string;
  /** As the record has it: “Ms”, “Frau”, “Dr.” */
  readonly salutation?: string;
  readonly company?: string;
  readonly deal?: string;
  readonly sender?: string;
  readonly senderFirstName?: string;
  /** `day` in words of the language. */
  readonly lastTalk?: { readonly kind: TalkKind; readonly day: string };
  /** Days that could be proposed, in words. */
  readonly freeDays?: readonly string[];
}

export interface DraftRequest {
  readonly intent: DraftIntent;
  readonly language: DraftLanguage;
  readonly tone: DraftTone;
}

export interface Draft {
  readonly subject: string;
  readonly text: string;
}
