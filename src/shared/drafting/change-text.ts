// Makes a text shorter, or addresses somebody otherwise, by rules. Whole sentences are kept or left out and set phrases are
// exchanged; no sentence is made up. Greeting, closing and signature stand apart and are never left out.
import type { DraftFacts, DraftLanguage, DraftTone } from '#shared/drafting/draft-types.ts';
import { CLOSING, closingOf, GREETING, greetingOf } from '#shared/drafting/salutations.ts';

interface Letter {
  readonly greeting: string | null;
  readonly paragraphs: readonly string[];
  /** With everything after it. */
  readonly closing: string | null;
}

function readLetter(text: string): Letter {
  const lines = text.replaceAll('\r\n', '\n').trim().split('\n');
  const first = lines[0]?.trim() ?? '';
  const hasGreeting = GREETING.test(first);
  const end = lines.findLastIndex((line) => CLOSING.test(line.trim()));
  const closing = end > 0 ? lines.slice(end).join('\n').trim() : null;
  const body = lines.slice(hasGreeting ? 1 : 0, end > 0 ? end : undefined).join('\n');
  const paragraphs = body
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return { greeting: hasGreeting ? first : null, paragraphs, closing };
}

function writeLetter({ greeting, paragraphs, closing }: Letter): string {
  return [greeting, ...paragraphs, closing].filter((part) => part !== null).join('\n\n');
}

/** Words that say nothing, and what stands in their place. A word that can mean something (just, einfach) is none of them. */
const fillers: Readonly<Record<DraftLanguage, readonly (readonly [RegExp, string])[]>> = {
  en: [
    [/\b(?:really|actually|basically|kindly) /gi, ''],
    [/\bI (?:wanted|would like|am writing) to (?:let you know|inform you) that /gi, ''],
    [/\bplease do not hesitate to /gi, 'please '],
  ],
  de: [
    [/\b(?:eigentlich|sozusagen|quasi|wirklich) /gi, ''],
    [/\bbitte zögern Sie nicht, /gi, ''],
  ],
};

const KEPT_SHARE = 0.6;

/** At most about three fifths of the words: questions, numbers and names stay before everything else. */
export function shortenText(text: string, language: DraftLanguage): string {
  const letter = readLetter(text);
  const sentences = letter.paragraphs.flatMap((part, paragraph) =>
    sentencesOf(part, language).map((sentence) => ({ paragraph, words: lightened(sentence, language) })),
  );
  const whole = wordsOf(letter.paragraphs.join(' '));
  const ranked = sentences
    .map((sentence, at) => ({ ...sentence, at, weight: weightOf(sentence.words, at) }))
    .toSorted((a, b) => b.weight - a.weight || a.at - b.at);
  const kept = new Set<number>();
  let words = 0;
  for (const { at, words: sentence } of ranked) {
    const count = wordsOf(sentence);
    if (kept.size > 0 && words + count > whole * KEPT_SHARE) continue;
    kept.add(at);
    words += count;
  }
  const paragraphs = letter.paragraphs.map((_part, paragraph) =>
    sentences
      .filter((sentence, at) => sentence.paragraph === paragraph && kept.has(at))
      .map((sentence) => sentence.words)
      .join(' '),
  );
  return writeLetter({ ...letter, paragraphs: paragraphs.filter((part) => part !== '') });
}

/** What a filler uncovered at the beginning of a sentence begins as the sentence did. */
function lightened(sentence: string, language: DraftLanguage): string {
  const left = fillers[language].reduce((text, [filler, instead]) => text.replaceAll(filler, instead), sentence);
  return /^\p{Lu}/u.test(sentence) ? left.charAt(0).toLocaleUpperCase(language) + left.slice(1) : left;
}

function sentencesOf(text: string, language: DraftLanguage): readonly string[] {
  const segments = [...new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text)];
  return segments.map(({ segment }) => segment.trim()).filter((sentence) => sentence !== '');
}

const wordsOf = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

function weightOf(sentence: string, at: number): number {
  const asks = sentence.includes('?') ? 3 : 0;
  const names = /\d|https?:|@|[„“"]/.test(sentence) ? 2 : 0;
  return asks + names + (at === 0 ? 1 : 0);
}

/** What is said formally, and what otherwise. */
const phrases: Readonly<Record<DraftLanguage, readonly (readonly [formal: string, informal: string])[]>> = {
  en: [
    ['Thank you very much', 'Thanks a lot'],
    ['Thank you', 'Thanks'],
    ['Please let me know', 'Let me know'],
    ['I would like', "I'd like"],
    ['I would', "I'd"],
    ['I am', "I'm"],
    ['I will', "I'll"],
    ['I have', "I've"],
    ['We are', "We're"],
    ['We have', "We've"],
    ['do not', "don't"],
    ['cannot', "can't"],
    ['It is', "It's"],
    ['is not', "isn't"],
  ],
  de: [
    ['Vielen Dank', 'Danke'],
    ['vielen Dank', 'danke'],
    ['Sehr gern', 'Gern'],
  ],
};

export interface ChangedTone {
  readonly text: string;
  /** German: words that address somebody were left as they are; whoever writes looks at them. */
  readonly hasAddress: boolean;
}

export function changeTone(text: string, language: DraftLanguage, tone: DraftTone, facts: DraftFacts): ChangedTone {
  const letter = readLetter(text);
  const exchanged = letter.paragraphs.map((part) => {
    let left = part;
    for (const [formal, informal] of phrases[language]) {
      const [from, to] = tone === 'informal' ? [formal, informal] : [informal, formal];
      left = left.replaceAll(new RegExp(`(?<![\\p{L}'])${escaped(from)}(?![\\p{L}'])`, 'gu'), to);
    }
    return left;
  });
  const address =
    tone === 'informal' ? /\b(?:Sie|Ihnen|Ihr(?:e[nmrs]?)?)\b/ : /\b(?:[Dd](?:u|ir|ich|ein(?:e[nmrs]?)?))\b/;
  const body = exchanged.join('\n\n');
  return {
    text: writeLetter({
      greeting: letter.greeting === null ? null : greetingOf(language, tone, facts),
      paragraphs: exchanged,
      closing: letter.closing === null ? null : closingOf(language, tone, signedBy(letter.closing, facts)),
    }),
    hasAddress: language === 'de' && address.test(body),
  };
}

/** Whoever signed stays: only the words before the name are others. */
function signedBy(closing: string, facts: DraftFacts): DraftFacts {
  const signature = closing.split('\n').slice(1).join('\n').trim();
  if (signature === '') return {};
  return signature === facts.sender || signature === facts.senderFirstName
    ? facts
    : { sender: signature, senderFirstName: signature };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
