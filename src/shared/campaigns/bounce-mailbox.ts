// The mailbox mail comes back to that could not be delivered: the address campaigns are sent with in the envelope, and where the
// server reads what arrives there. Everything but the password, which goes in and never comes out.
import { Type, type Static } from 'typebox';

const line = (maxLength: number) => Type.String({ maxLength, pattern: String.raw`^[^\u0000-\u001f\u007f]*$` });

export const BounceMailboxSchema = Type.Object(
  {
    isOn: Type.Boolean(),
    /** Mail that cannot be delivered comes back to it. */
    address: line(254),
    host: line(253),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
    security: Type.Enum(['tls', 'starttls', 'none']),
    user: line(254),
  },
  { additionalProperties: false },
);
export type BounceMailbox = Static<typeof BounceMailboxSchema>;

export const noBounceMailbox: BounceMailbox = {
  isOn: false,
  address: '',
  host: '',
  port: 993,
  security: 'tls',
  user: '',
};

/** Why the mailbox cannot be read. */
export const mailboxTroubles = [
  'signIn',
  'unreachable',
  'certificate',
  'address_forbidden',
  'noHost',
  'answer',
] as const;
export type MailboxTrouble = (typeof mailboxTroubles)[number];

const Trouble = Type.Union([Type.Null(), Type.Enum([...mailboxTroubles])]);
const MaybeTime = Type.Union([Type.Number(), Type.Null()]);

export const BounceMailboxState = Type.Object({
  settings: BounceMailboxSchema,
  hasSecret: Type.Boolean(),
  /** When it was last read, or tried to. */
  checkedAt: MaybeTime,
  trouble: Trouble,
  /** What the mail server said. */
  detail: Type.Union([Type.String(), Type.Null()]),
  /** Returned mails that were settled, since it was set up. */
  taken: Type.Integer({ minimum: 0 }),
  takenAt: MaybeTime,
  /** Mails that looked like reports, and did not show that one of ours was their reason. */
  unsigned: Type.Integer({ minimum: 0 }),
});
export type BounceMailboxState = Static<typeof BounceMailboxState>;
