// Names of mails. The Message-ID is what a mail is known by everywhere; a conversation is known by that of its first mail, which
// every answer carries in References (RFC 5322, 3.6.4).

const MOST_LENGTH = 998;

/** Without brackets, spaces and comments; empty when there is none. Case counts on the left of the @ only. */
export function cleanMessageId(text: string | null | undefined): string {
  const found = /<([^<>\s]+)>/.exec(text ?? '')?.[1] ?? (text ?? '').trim();
  if (found === '' || /\s/.test(found) || found.length > MOST_LENGTH) return '';
  const at = found.lastIndexOf('@');
  return at === -1 ? found : `${found.slice(0, at)}@${found.slice(at + 1).toLowerCase()}`;
}

/** All ids named in a header, in order, without repetition. */
export function readMessageIds(text: string | null | undefined): readonly string[] {
  const found = [...(text ?? '').matchAll(/<[^<>\s]+>/g)].map(([id]) => cleanMessageId(id));
  return [...new Set(found.filter((id) => id !== ''))];
}

/** The first mail of the conversation: the oldest reference, otherwise what is answered, otherwise the mail itself. */
export function threadOf(mail: {
  readonly messageId: string;
  readonly references: readonly string[];
  readonly inReplyTo: string;
}): string {
  return mail.references[0] ?? (mail.inReplyTo === '' ? mail.messageId : mail.inReplyTo);
}

/** References of an answer: those of what is answered, shortened from the middle, so that the first and the last stay. */
export function referencesOfAnswer(mail: {
  readonly messageId: string;
  readonly references: readonly string[];
}): readonly string[] {
  const all = [...mail.references.filter((id) => id !== mail.messageId), mail.messageId];
  return all.length <= 20 ? all : [...all.slice(0, 1), ...all.slice(-19)];
}

/** Without `Re:`, `AW:` and the like. */
export function bareSubject(subject: string): string {
  return subject.replace(/^(?:\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv)\s*(?:\[\d+\])?:)+\s*/i, '');
}

/** `Re:` once, whatever stood there in whichever language. */
export function subjectOfAnswer(subject: string, prefix: 'Re' | 'Fwd'): string {
  return `${prefix}: ${bareSubject(subject)}`.trim();
}
