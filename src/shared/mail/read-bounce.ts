// A mail about a mail that was sent: not delivered (RFC 3464, or in the words of whatever server wrote it), delayed, delivered,
// complained about (ARF, RFC 5965), or answered by a machine (RFC 3834). Pure: a text goes in, what it says comes out; an
// ordinary mail says nothing.
import {
  hardReasons,
  pseudoStatus,
  reasonOf,
  saysUnknownUser,
  type BounceReason,
} from '#shared/mail/bounce-reasons.ts';
import { plainLines, readHeaders, readParts, type MailPart } from '#shared/mail/mail-parts.ts';

export interface BounceReport {
  /** `reply`: a machine answered for its owner. */
  readonly kind: 'bounce' | 'complaint' | 'reply' | 'delivered';
  readonly recipient: string | null;
  /** RFC 3463, such as `5.1.1`; empty: none. */
  readonly status: string;
  /** Code of SMTP, such as `550`; empty: none. */
  readonly reply: string;
  readonly reason: BounceReason;
  /** For good. */
  readonly isHard: boolean;
  /** Which of our mails, where it says so; `mark` is what only somebody knows who had the mail, to be verified. */
  readonly mail: { readonly campaignId: string; readonly no: number; readonly mark: string } | null;
}

/** Of a report; longer ones carry the content that came back, of which only the beginning matters. */
const MOST_CHARACTERS = 1_000_000;

interface Said {
  readonly recipient: string | null;
  readonly status: string;
  readonly action: string;
  /** Diagnostic, and whatever else was said about this recipient. */
  readonly text: string;
  readonly isLocal: boolean;
  /** Words around it, for where the diagnostic alone says nothing. */
  readonly around: string;
}

/** Several mails of a mailbox file, one behind another. */
const NEXT_MAIL = /\n\nFrom \S+ .*\d{4}\n(?=[\w-]+:)/;

export function readBounce(message: string): readonly BounceReport[] {
  const mails = plainLines(message.slice(0, MOST_CHARACTERS)).split(NEXT_MAIL);
  return mails.flatMap(readOne);
}

function readOne(message: string): readonly BounceReport[] {
  const { headers, parts } = readParts(message);
  const mail = ownMailOf(parts, message);
  const complaint = parts.find(
    ({ type, text }) => type === 'message/feedback-report' || /^feedback-type:/im.test(text.slice(0, 500)),
  );
  if (complaint !== undefined) return [complaintOf(complaint, parts, mail)];
  const reply = machineReply(headers, parts);
  if (reply !== null) return [{ ...reply, mail }];
  if (!isReport(headers, parts)) return [];
  const notice = noticeOf(parts);
  const said = saidInReport(parts, notice);
  const all = said.length > 0 ? said : saidInWords(notice);
  if (all.length > 0) return all.map((each) => ({ ...judge(each), mail }));
  return [{ ...judge({ recipient: null, status: '', action: '', text: notice, isLocal: false, around: '' }), mail }];
}

const isFromSystem = (from: string): boolean =>
  /mailer-?daemon|postmaster|mail delivery (?:sub)?system|<>|mail-daemon|double-bounce|delivery/i.test(from);

/** The mail comes from a mail system, and is about a delivery. */
function isReport(headers: MailPart['headers'], parts: readonly MailPart[]): boolean {
  const type = headers['content-type'] ?? '';
  if (/report-type\s*=\s*"?delivery-status/i.test(type)) return true;
  if (parts.some((part) => part.type === 'message/delivery-status')) return true;
  const subject = headers['subject'] ?? '';
  const isAboutDelivery =
    /undeliver|deliver|returned|failure|bounce|errors from|could not be sent|not be delivered|nondelivery|non-delivery|delayed|mail (?:system|error)|warning/i.test(
      subject,
    );
  const isNull = (headers['return-path'] ?? '').replaceAll(/\s/g, '') === '<>';
  return (
    isAboutDelivery && (isNull || isFromSystem(headers['from'] ?? '') || isFromSystem(headers['return-path'] ?? ''))
  );
}

/** What people read, up to the mail that came back. */
function noticeOf(parts: readonly MailPart[]): string {
  const until = parts.findIndex(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers');
  const texts = parts
    .slice(0, until === -1 ? parts.length : until)
    .filter(({ type }) => type.startsWith('text/') || type === '')
    .map(({ text }) => text);
  const text = texts.join('\n');
  const returned = text.search(
    /^-{2,} ?(?:this is a copy|original message|below this line|returned message|message header|copy of)/im,
  );
  return returned === -1 ? text : text.slice(0, returned);
}

function saidInReport(parts: readonly MailPart[], notice: string): readonly Said[] {
  const formal = parts
    .filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
    .map(({ text }) => text);
  // Some programs write the fields into a text.
  const inText = parts.filter(({ text }) => /^(?:final|original)-recipient\s*:/im.test(text)).map(({ text }) => text);
  const text = formal.some((each) => /^(?:final-recipient|status)\s*:/im.test(each))
    ? formal.join('\n\n')
    : inText.join('\n\n');
  const groups = groupsOf(text);
  return groups.map((fields) => saidOf(fields, notice));
}

/** Fields of each recipient. They are separated by empty lines, and where these are missing, by the next recipient. */
function groupsOf(text: string): readonly Readonly<Record<string, string>>[] {
  const blocks = plainLines(text).split(/\n[ \t]*\n+|\n(?=final-recipient\s*:)/i);
  const merged: Record<string, string>[] = [];
  for (const block of blocks) {
    const fields = readHeaders(block.replace(/^[^:\n]*\n(?=[\w-]+:)/, ''));
    const isOne = 'final-recipient' in fields || 'original-recipient' in fields || 'x-actual-recipient' in fields;
    const last = merged.at(-1);
    if (isOne && !(last !== undefined && !('final-recipient' in last) && 'action' in last)) merged.push({ ...fields });
    else if (last !== undefined && ('diagnostic-code' in fields || 'status' in fields))
      Object.assign(last, { ...fields, ...last });
    else if ('action' in fields && 'status' in fields) merged.push({ ...fields });
    else if (isOne) merged.push({ ...fields });
  }
  return merged.filter((fields) => 'action' in fields || 'status' in fields || 'diagnostic-code' in fields);
}

function addressIn(text: string): string | null {
  const address = /<([^<>\s]+@[^<>\s]+)>|((?:"[^"]+"|[^\s<>;:,"]+)@[^\s<>;:,"]+)/.exec(text);
  return (address?.[1] ?? address?.[2] ?? null)?.replaceAll(/[.,]+$/g, '') ?? null;
}

function saidOf(fields: Readonly<Record<string, string>>, notice: string): Said {
  const recipient = addressIn(fields['final-recipient'] ?? '') ?? addressIn(fields['original-recipient'] ?? '');
  const diagnostic = fields['diagnostic-code'] ?? '';
  const statusField = fields['status'] ?? '';
  return {
    recipient,
    status: /[245]\.\d{1,3}\.\d{1,3}/.exec(statusField)?.[0] ?? '',
    action: (fields['action'] ?? '').trim().toLowerCase().split(/[\s(]/)[0] ?? '',
    text: `${diagnostic} ${/\(([^)]*)\)/.exec(statusField)?.[1] ?? ''}`.trim(),
    isLocal: /^x-unix/i.test(diagnostic),
    around: aroundRecipient(notice, recipient),
  };
}

/** The paragraph of the notice that names this recipient, or all of it where none does. */
function aroundRecipient(notice: string, recipient: string | null): string {
  const paragraphs = notice.split(/\n[ \t]*\n/);
  const named =
    recipient === null ? [] : paragraphs.filter((each) => each.toLowerCase().includes(recipient.toLowerCase()));
  const rejected = paragraphs.filter((each) => /automatically rejected|transcript of session/i.test(each));
  return oneLine([...named, ...rejected].join(' ') || notice.slice(0, 4000));
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Reports without fields: an address, and behind it what was said. */
function saidInWords(notice: string): readonly Said[] {
  const said: Said[] = [];
  for (const paragraph of notice.split(/\n[ \t]*\n/)) {
    const line = oneLine(paragraph);
    const [, address = '', text = ''] =
      /^<?([^\s<>@]+@[^\s<>:]+)>?(?: \(expanded from: <?[^>)]*>?\))?\s*:\s*(.+)$/.exec(line) ?? [];
    if (address !== '')
      said.push({ recipient: address, status: statusIn(text) ?? '', action: '', text, isLocal: false, around: '' });
  }
  if (said.length > 0) return said;
  const [, refused] = /\n Out: ([45]\d\d[^\n]*(?:\n {5,}[^\n]*)*)/.exec(notice) ?? [];
  if (refused === undefined) return [];
  const recipient = addressIn(/rcpt to:\s*(\S+)/i.exec(notice)?.[1] ?? '');
  return [
    {
      recipient,
      status: statusIn(refused) ?? '',
      action: 'failed',
      text: oneLine(refused),
      isLocal: false,
      around: '',
    },
  ];
}

function statusIn(text: string): string | null {
  return /(?:^|[\s#(:-])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1] ?? null;
}

function replyIn(text: string): string {
  const found =
    /(?:said: |^(?:smtp|x-[\w-]+);? ?|refused to talk to me: |[\s;:<-]|^)([245]\d\d)(?=[\s-]|$)/i.exec(text)?.[1] ?? '';
  return /^[245][0-5]\d$/.test(found) ? found : '';
}

function commandIn(text: string): string {
  const said = /in reply to (?:end of )?(\w+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
  if (said !== '')
    return said === 'RCPT' || said === 'MAIL' || said === 'DATA' || said === 'EHLO' || said === 'HELO' ? said : '';
  return '';
}

function judge({ recipient, status, action, text, isLocal, around }: Said): Omit<BounceReport, 'mail'> {
  // A program that took the mail for its owner says itself why it did not keep it.
  const own = /was automatically rejected:\s*([^"]{1,200})/i.exec(around)?.[1];
  const diagnostic = oneLine((own ?? text).replaceAll(/\b([245]\d\d)-(?=[245#])/g, '$1 '));
  const replied = replyIn(diagnostic) === '' ? replyIn(around) : replyIn(diagnostic);
  const named = statusIn(diagnostic);
  // The name of a program is not what it says.
  const told = around.replaceAll(/"\|[^"]*"/g, '');
  const better = (status === '' || status.endsWith('.0.0')) && named !== null ? named : status;
  const command = commandIn(`${diagnostic} ${around}`);
  const base = { status: better, reply: isLocal ? '' : replied, command, isLocal, action };
  const first = reasonOf({ ...base, text: diagnostic === '' ? told : diagnostic });
  const isVague = first === 'onhold' || first === 'undefined';
  const reason = isVague && around !== '' ? reasonOf({ ...base, text: `${diagnostic} ${told}` }) : first;
  const isExpected = reason === 'delivered';
  return {
    kind: isExpected ? 'delivered' : 'bounce',
    recipient,
    status: better === '' ? (pseudoStatus[reason] ?? '5.0.900') : better,
    reply: base.reply,
    reason,
    isHard: hardReasons.includes(reason),
  };
}

/** What was said about one recipient, where no mail was written about it. */
export function judgeDiagnostic(recipient: string, status: string, text: string): Omit<BounceReport, 'mail'> {
  const known = /^[245]\.\d{1,3}\.\d{1,3}$/.exec(status)?.[0] ?? '';
  return judge({ recipient, status: known, action: 'failed', text, isLocal: false, around: '' });
}

function complaintOf(report: MailPart, parts: readonly MailPart[], mail: BounceReport['mail']): BounceReport {
  const fields = readHeaders(plainLines(report.text));
  const original = parts.find(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers');
  const to = readHeaders(plainLines(original?.text ?? '').split('\n\n')[0] ?? '')['to'] ?? '';
  const recipient =
    addressIn(fields['original-rcpt-to'] ?? '') ?? addressIn(fields['removal-recipient'] ?? '') ?? addressIn(to);
  return { kind: 'complaint', recipient, status: '', reply: '', reason: 'feedback', isHard: false, mail };
}

/** Somebody is away, or a machine says that the mailbox is not read. */
function machineReply(headers: MailPart['headers'], parts: readonly MailPart[]): Omit<BounceReport, 'mail'> | null {
  const subject = headers['subject'] ?? '';
  const isDelivery =
    parts.some(({ type }) => type === 'message/delivery-status') ||
    /multipart\/report/i.test(headers['content-type'] ?? '');
  if (isDelivery || isFromSystem(headers['from'] ?? '')) return null;
  const isAnswer =
    /^auto-(?:replied|generated)/i.test(headers['auto-submitted'] ?? '') ||
    'x-autoreply' in headers ||
    'x-autorespond' in headers ||
    /auto_?reply/i.test(headers['precedence'] ?? '') ||
    /^(?:auto(?:matic)?(?: ?re(?:ply|sponse))?:|out of (?:the )?office|re: .*out of office|away|abwesen)/i.test(
      subject,
    );
  if (!isAnswer) return null;
  const text = oneLine(parts.map((part) => part.text).join(' ')).toLowerCase();
  const isGone =
    /no longer (?:active|in use|monitored|works?|employed)|has been (?:closed|deactivated|disabled|suspended)|not (?:being )?monitored any|account .{0,30}(?:closed|suspended)/.test(
      text,
    );
  const reason: BounceReason = isGone ? 'suspend' : saysUnknownUser(text) ? 'userunknown' : 'vacation';
  return {
    kind: 'reply',
    recipient: addressIn(headers['from'] ?? ''),
    status: reason === 'vacation' ? '' : (pseudoStatus[reason] ?? ''),
    reply: '',
    reason,
    isHard: false,
  };
}

/** Our mails say in a header which they are, and in what they are called; reports carry back the one or the other. */
function ownMailOf(parts: readonly MailPart[], message: string): BounceReport['mail'] {
  const whole = [...parts.map(({ text }) => text), message].join('\n');
  const found =
    /^[ \t>]*x-outpost-campaign:\s*([\w-]{1,64})\.(\d{1,9})(?:\.([\w-]{1,64}))?\s*$/im.exec(whole) ??
    /<([\w-]{1,64})\.(\d{1,9})\.([\w-]{22})@[^<>\s]{1,255}>/.exec(whole);
  const [, campaignId, no, mark = ''] = found ?? [];
  return campaignId === undefined || no === undefined ? null : { campaignId, no: Number(no), mark };
}
