// Writes a mail from what is known, without a network and without a model: the same facts give the same text, on every
// computer and for ever.
import { bodyOf } from '#shared/drafting/draft-sentences.ts';
import type { Draft, DraftFacts, DraftRequest } from '#shared/drafting/draft-types.ts';
import { closingOf, greetingOf } from '#shared/drafting/salutations.ts';

export function writeDraft({ intent, language, tone }: DraftRequest, facts: DraftFacts): Draft {
  const { subject, paragraphs } = bodyOf(language, tone, intent, facts);
  const parts = [greetingOf(language, tone, facts), ...paragraphs, closingOf(language, tone, facts)];
  return { subject, text: parts.join('\n\n') };
}
