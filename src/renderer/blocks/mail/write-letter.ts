// Writing a mail from anywhere: from a person, a deal, an address that is clicked. Which dialog opens is decided in one place.
import { createContext, use } from 'react';
import type { Composing } from '#renderer/blocks/mail/draft-for.ts';

export interface LetterWriter {
  readonly write: (letter: Composing) => void;
  /** Whether this person has a mailbox here. */
  readonly hasMailbox: boolean;
}

/** Null in windows that write no mail. */
export const LetterContext = createContext<LetterWriter | null>(null);

export const useLetterWriter = (): LetterWriter | null => use(LetterContext);
