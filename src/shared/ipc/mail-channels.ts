// Mailboxes, outgoing mail, drafting and campaigns.
import { Type } from 'typebox';
import { Bytes, channel, nothing, screens, settingsOnly, text } from '#shared/ipc/channel.ts';
import {
  MailAccountSchema,
  MailDraftSchema,
  type MailPage,
  type NewMails,
  type MailTrial,
  type MailboxState,
  type OpenMail,
} from '#shared/mail/mail-types.ts';
import {
  DraftingInputSchema,
  type DraftingSetup,
  type DraftingState,
  type ModelAnswer,
  ModelRequestSchema,
} from '#shared/sync/drafting-messages.ts';
import type { MailState } from '#shared/sync/report-messages.ts';

const MailboxInput = Type.Object({
  id: Type.Union([Type.Null(), Type.String({ maxLength: 64 })]),
  account: MailAccountSchema,
  password: Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength: 1024 })]),
});

export const mailChannels = {
  /** A call about campaigns by its name; main checks the input by the table of calls. Needs the server. */
  'campaigns.ask': channel<object>()(
    Type.Object({ call: text(64), input: Type.Record(Type.String({ maxLength: 64 }), Type.Unknown()) }),
    screens,
  ),
  /** Whether the server can send mail; needs the server. */
  /** Drafting with a language model; needs the server. */
  'drafting.state': channel<DraftingState>()(nothing, screens),
  'drafting.ask': channel<ModelAnswer>()(ModelRequestSchema, screens),
  /** For administrators. The key goes there and never comes back. */
  'drafting.setup': channel<DraftingSetup>()(nothing, settingsOnly),
  'drafting.save': channel<DraftingSetup>()(DraftingInputSchema, settingsOnly),
  'drafting.remove': channel<DraftingSetup>()(nothing, settingsOnly),
  'drafting.test': channel<ModelAnswer>()(nothing, settingsOnly),
  'mail.state': channel<MailState>()(nothing, screens),
  /** For administrators: a mail to oneself. */
  'mail.test': channel<MailState>()(nothing, screens),
  /** The mailboxes of this person on this computer, and what waits to be sent. */
  'mailbox.state': channel<MailboxState>()(nothing, screens),
  /** Signs in to both servers and changes nothing. `password` is left out where it is known. */
  'mailbox.try': channel<MailTrial>()(MailboxInput, screens),
  /** Keeps an account; the password goes to the keychain. Answers its id. */
  'mailbox.save': channel<string>()(MailboxInput, screens),
  /** Opens the browser of the system and answers when it is back; the account is kept then. Answers its id. */
  'mailbox.signIn': channel<string>()(MailboxInput, screens),
  'mailbox.cancelSignIn': channel<null>()(nothing, screens),
  /** With everything of it on this computer. What is kept with records stays. */
  'mailbox.remove': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.chooseFolder': channel<null>()(Type.Object({ folder: Type.Integer(), on: Type.Boolean() }), screens),
  'mailbox.forgetFolder': channel<null>()(Type.Object({ folder: Type.Integer() }), screens),
  /** Looks now; `thorough` compares every number. */
  'mailbox.sync': channel<null>()(
    Type.Object({ id: text(64), folder: Type.Union([Type.Null(), Type.Integer()]), thorough: Type.Boolean() }),
    screens,
  ),
  'mailbox.threads': channel<MailPage>()(
    Type.Object({
      folder: Type.Integer(),
      offset: Type.Integer({ minimum: 0 }),
      limit: Type.Integer({ minimum: 1, maximum: 200 }),
      search: text(200),
    }),
    screens,
  ),
  /** Of the inboxes, since an instant, what nobody looked at. */
  'mailbox.newest': channel<NewMails>()(
    Type.Object({ since: text(40), limit: Type.Integer({ minimum: 1, maximum: 50 }) }),
    screens,
  ),
  /** All mails of the conversation of this one, the oldest first. */
  'mailbox.thread': channel<readonly OpenMail[]>()(Type.Object({ id: Type.Integer() }), screens),
  /** All of a mail whose beginning is here; needs the mail server. */
  'mailbox.fetchWhole': channel<null>()(Type.Object({ id: Type.Integer() }), screens),
  /** A mail that is kept with a record, by the id of its file. */
  'mailbox.readKept': channel<OpenMail['content']>()(Type.Object({ fileId: text(64) }), screens),
  'mailbox.attachment': channel<{ readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }>()(
    Type.Object({
      mail: Type.Union([Type.Object({ id: Type.Integer() }), Type.Object({ fileId: text(64) })]),
      index: Type.Integer({ minimum: 0 }),
    }),
    screens,
  ),
  /** Pictures of the network, when somebody asked for them: as data, without a sign of who asks. */
  'mailbox.pictures': channel<readonly { readonly url: string; readonly dataUrl: string | null }[]>()(
    Type.Object({ urls: Type.Array(text(2048), { maxItems: 100 }) }),
    screens,
  ),
  /** A piece of a file that goes with a letter; answers its id, which the next pieces name. */
  'mailbox.attach': channel<string>()(
    Type.Object({ id: Type.Union([Type.Null(), text(64)]), sizeBytes: Type.Integer({ minimum: 1 }), bytes: Bytes }),
    screens,
  ),
  'mailbox.saveDraft': channel<string>()(
    Type.Object({ id: Type.Union([Type.Null(), text(64)]), draft: MailDraftSchema }),
    screens,
  ),
  /** Refused with `invalid` when an address is none, or nobody is named. */
  'mailbox.send': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.recall': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.retry': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.decide': channel<null>()(
    Type.Object({ id: text(64), was: Type.Union([Type.Literal('sent'), Type.Literal('notSent')]) }),
    screens,
  ),
  'mailbox.discard': channel<null>()(Type.Object({ id: text(64) }), screens),
  /** Somebody looked at what the damage of the outbox left. */
  'mailbox.damageSeen': channel<null>()(nothing, screens),
} as const;
