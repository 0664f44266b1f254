// What a letter begins with: nothing, the mail it answers, or what was written before.
import type { DraftedRecord } from '#renderer/blocks/drafting/use-draft-facts.ts';
import { htmlOfPlainLetter, type LetterBody } from '#shared/mail/letter-document.ts';
import type { MailAccountState, MailAddress, MailDraft, OpenMail, OutboxItem } from '#shared/mail/mail-types.ts';
import { subjectOfAnswer } from '#shared/mail/message-ids.ts';

export type Composing =
  | { readonly kind: 'new'; readonly to?: MailAddress; readonly about?: DraftedRecord }
  | { readonly kind: 'answer' | 'answerAll' | 'forward'; readonly mail: OpenMail }
  | { readonly kind: 'draft'; readonly item: OutboxItem };

type Translate = (key: string, values: { readonly who: string; readonly at: string }) => string;

const MOST_QUOTED = 20_000;

export function draftFor(composing: Composing, accounts: readonly MailAccountState[], t: Translate): MailDraft {
  if (composing.kind === 'draft') return composing.item.draft;
  const mail = composing.kind === 'new' ? null : composing.mail;
  const account = accounts.find(({ id }) => id === mail?.summary.accountId) ?? accounts[0];
  const empty: MailDraft = {
    accountId: account?.id ?? '',
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    ...beginning(account, ''),
    answers: null,
    attachments: [],
    sendAt: null,
    followUpDays: null,
  };
  if (mail === null)
    return composing.kind !== 'new'
      ? empty
      : {
          ...empty,
          to: composing.to === undefined ? [] : [composing.to],
          dealId: composing.about?.entity === 'deal' ? composing.about.id : null,
        };
  const { summary, content } = mail;
  const isOwn = ({ address }: MailAddress): boolean => address.toLowerCase() === account?.address.toLowerCase();
  const quoted = quote(mail, content.text, t);
  if (composing.kind === 'forward')
    return { ...empty, subject: subjectOfAnswer(summary.subject, 'Fwd'), ...beginning(account, `\n\n${quoted}`) };
  const to = summary.isOutbound ? summary.to : [summary.from];
  const others = [...summary.to, ...summary.cc].filter(
    (each) => !isOwn(each) && !to.some(({ address }) => address === each.address),
  );
  return {
    ...empty,
    to: [...to],
    cc: composing.kind === 'answerAll' ? others : [],
    subject: subjectOfAnswer(summary.subject, 'Re'),
    ...beginning(account, `\n\n${quoted}`),
    answers: summary.id,
  };
}

/** The signature, and below it the mail that is answered. */
function beginning(account: MailAccountState | undefined, below: string): LetterBody {
  if (account === undefined || account.signature === '') return { text: below, html: null };
  const { signature, signatureHtml = null } = account;
  const text = `\n\n-- \n${signature}${below}`;
  if (signatureHtml === null) return { text, html: null };
  return {
    text,
    html: htmlOfPlainLetter('\n\n-- ') + signatureHtml + (below === '' ? '' : htmlOfPlainLetter(below.slice(1))),
  };
}

function quote({ summary }: OpenMail, text: string, t: Translate): string {
  const who = summary.from.name === '' ? summary.from.address : summary.from.name;
  const lines = text.slice(0, MOST_QUOTED).trimEnd().split('\n');
  return [t('mailbox.wrote', { who, at: summary.at }), ...lines.map((line) => `> ${line}`)].join('\n');
}

export function recipientText({ name, address }: MailAddress): string {
  return name === '' ? address : `${name} <${address}>`;
}

/** `Ada <ada@example.com>` or the address alone; what is none is kept as it was typed and refused when it is sent. */
export function parseRecipients(values: readonly string[]): MailAddress[] {
  return values.map((value) => {
    const [, name = '', address = ''] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(value) ?? [];
    return address === '' ? { name: '', address: value.trim() } : { name: name.trim(), address: address.trim() };
  });
}
