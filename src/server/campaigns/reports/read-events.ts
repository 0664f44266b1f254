// What providers tell about mails, in the one way returned mail is told: delivered, bounced for good or not and why, complained
// about, left. Opens and clicks Outpost counts itself; what is still being tried is no news. A mail a provider did not even send,
// because it remembers its address, has not arrived and says what the provider remembers.
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import type { ReportingProvider } from '#shared/campaigns/provider-reports.ts';
import { hasOnlyStorableText } from '#shared/kernel/storable-text.ts';
import { judgeDiagnostic, type BounceReport } from '#shared/mail/read-bounce.ts';
import { textAt, valueAt } from '#server/campaigns/reports/verify-call.ts';

export interface ProviderEvent {
  readonly recipient: string;
  /** Which of our mails, where it says so. */
  readonly mail: BounceReport['mail'];
  readonly told: BounceReport | 'unsubscribed';
}

/** Of one call. */
const MOST_EVENTS = 10_000;

type Place = Pick<ProviderEvent, 'recipient' | 'mail'>;

const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.slice(0, MOST_EVENTS) : [];
};

/** `campaign.number@domain`, as mails of campaigns are called; of a test there is a time behind it, and nothing is counted. */
function mailOf(messageId: string): BounceReport['mail'] {
  const [, campaignId, no, mark = ''] = /^<?([\w-]{1,64})\.(\d{1,9})(?:\.([\w-]{1,64}))?(?:@|$)/.exec(messageId) ?? [];
  return campaignId === undefined || no === undefined ? null : { campaignId, no: Number(no), mark };
}

function placeOf(recipient: string, mail: BounceReport['mail']): Place | null {
  const address = plainAddress(/<([^<>]+)>/.exec(recipient)?.[1] ?? recipient);
  return isMailAddress(address) && hasOnlyStorableText(address) ? { recipient: address, mail } : null;
}

function simple(place: Place, kind: 'delivered' | 'complaint'): ProviderEvent {
  const reason = kind === 'complaint' ? 'feedback' : 'delivered';
  return { ...place, told: { ...place, kind, status: '', reply: '', reason, isHard: false } };
}

const vague: readonly string[] = ['undefined', 'onhold'];

function bounced(place: Place, status: string, text: string, isForGood: boolean): ProviderEvent {
  const judged = judgeDiagnostic(place.recipient, status, text.slice(0, 2000));
  // For good is what the provider calls so, unless the words say something that passes, such as a full mailbox.
  const isHard = isForGood && (judged.isHard || vague.includes(judged.reason));
  return { ...place, told: { ...judged, ...place, kind: 'bounce', isHard } };
}

/** Not even sent, because the provider knows the address. */
function dropped(place: Place, because: 'bounced' | 'complained' | 'unsubscribed' | null, text: string) {
  if (because === 'bounced') return [bounced(place, '5.1.1', 'user unknown', true)];
  const report = bounced(place, '', text, false);
  if (because === 'complained') return [report, simple(place, 'complaint')];
  return because === 'unsubscribed' ? [report, { ...place, told: 'unsubscribed' } as const] : [report];
}

function readSendGrid(event: unknown): readonly ProviderEvent[] {
  const mail = mailOf(textAt(event, 'outpost'));
  const place = mail === null ? null : placeOf(textAt(event, 'email'), mail);
  if (place === null) return [];
  const reason = textAt(event, 'reason');
  switch (textAt(event, 'event')) {
    case 'delivered':
      return [simple(place, 'delivered')];
    case 'bounce':
      return [bounced(place, textAt(event, 'status'), reason, textAt(event, 'type') !== 'blocked')];
    case 'dropped':
      if (/^bounced address/i.test(reason)) return dropped(place, 'bounced', reason);
      if (/^spam reporting address/i.test(reason)) return dropped(place, 'complained', reason);
      return dropped(place, /^unsubscribed address/i.test(reason) ? 'unsubscribed' : null, reason);
    case 'spamreport':
      return [simple(place, 'complaint')];
    case 'unsubscribe':
    case 'group_unsubscribe':
      return [{ ...place, told: 'unsubscribed' }];
    default:
      return [];
  }
}

function readMailgun(data: unknown): readonly ProviderEvent[] {
  const own = textAt(data, 'user-variables', 'outpost');
  const mail = mailOf(own === '' ? textAt(data, 'message', 'headers', 'message-id') : own);
  const place = mail === null ? null : placeOf(textAt(data, 'recipient'), mail);
  if (place === null) return [];
  switch (textAt(data, 'event')) {
    case 'delivered':
      return [simple(place, 'delivered')];
    case 'failed':
      return textAt(data, 'severity') === 'permanent' ? readMailgunFailure(place, data) : [];
    case 'rejected':
      return [bounced(place, '', textAt(data, 'reject', 'reason'), false)];
    case 'complained':
      return [simple(place, 'complaint')];
    case 'unsubscribed':
      return [{ ...place, told: 'unsubscribed' }];
    default:
      return [];
  }
}

function readMailgunFailure(place: Place, data: unknown): readonly ProviderEvent[] {
  const reason = textAt(data, 'reason');
  if (reason === 'suppress-bounce') return dropped(place, 'bounced', reason);
  if (reason === 'suppress-complaint') return dropped(place, 'complained', reason);
  if (reason === 'suppress-unsubscribe') return dropped(place, 'unsubscribed', reason);
  const said = ['message', 'description'].map((name) => textAt(data, 'delivery-status', name));
  const text = [textAt(data, 'delivery-status', 'code'), ...said].filter((part) => part !== '').join(' ');
  // `old`: given up after many tries, which says nothing about the address.
  return [bounced(place, textAt(data, 'delivery-status', 'enhanced-code'), text, reason !== 'old')];
}

function readSes(event: unknown): readonly ProviderEvent[] {
  const headers = listAt(event, 'mail', 'headers');
  const own = headers.find((each) => textAt(each, 'name').toLowerCase() === 'x-outpost-campaign');
  // Amazon sends the headers along where somebody chose so; where not, the address decides.
  const mail = own === undefined ? null : mailOf(textAt(own, 'value'));
  const places = (addresses: readonly unknown[]) =>
    addresses.flatMap((each) => placeOf(typeof each === 'string' ? each : textAt(each, 'emailAddress'), mail) ?? []);
  const type = textAt(event, 'eventType');
  switch (type === '' ? textAt(event, 'notificationType') : type) {
    case 'Delivery':
      return places(listAt(event, 'delivery', 'recipients')).map((place) => simple(place, 'delivered'));
    case 'Bounce':
      return listAt(event, 'bounce', 'bouncedRecipients').flatMap((each) =>
        places([each]).map((place) =>
          bounced(
            place,
            textAt(each, 'status'),
            textAt(each, 'diagnosticCode'),
            textAt(event, 'bounce', 'bounceType') === 'Permanent',
          ),
        ),
      );
    case 'Complaint':
      return places(listAt(event, 'complaint', 'complainedRecipients')).map((place) => simple(place, 'complaint'));
    case 'Reject':
      return places(listAt(event, 'mail', 'destination')).map((place) =>
        bounced(place, '', textAt(event, 'reject', 'reason'), false),
      );
    case 'Subscription':
      return valueAt(event, 'subscription', 'newTopicPreferences', 'unsubscribeAll') === true
        ? places(listAt(event, 'mail', 'destination')).map((place) => ({ ...place, told: 'unsubscribed' }) as const)
        : [];
    default:
      return [];
  }
}

/** `said`: the content of a call that was verified. */
export function readProviderEvents(provider: ReportingProvider, said: unknown): readonly ProviderEvent[] {
  if (provider === 'sendgrid') return (Array.isArray(said) ? said.slice(0, MOST_EVENTS) : []).flatMap(readSendGrid);
  return provider === 'mailgun' ? readMailgun(valueAt(said, 'event-data')) : readSes(said);
}
