// A mail that belongs to records of the CRM, in two parts, because they may have two circles of readers: that there was a mail,
// when and between whom; and what stood in it. The mail as it came lies with the second part, as a file. Everything else in
// somebody's mailbox never leaves the own computer.
import { defineEntity, type FieldDefinition, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

const visibility = {
  type: 'select',
  label: 'Who reads it',
  required: true,
  defaultValue: 'participants',
  options: toOptions({
    participants: 'Participants only',
    metadata: 'Who and when for everybody who sees the record',
    team: 'Everybody who sees the record',
  }),
} as const satisfies FieldDefinition;

/** Whose mail it is; the most special one decides whom it follows. */
const links = {
  accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true, listed: true },
  contactId: { type: 'reference', to: 'contact', label: 'Contact', indexed: true, listed: true },
  leadId: { type: 'reference', to: 'lead', label: 'Lead', indexed: true },
  dealId: { type: 'reference', to: 'deal', label: 'Deal', indexed: true, listed: true },
  /** Colleagues the mail was sent to or by: they see it whatever its visibility. */
  participantIds: { type: 'references', to: 'user', label: 'Colleagues', system: true },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

/** Of a mail nothing is a matter of opinion but who reads it and where it belongs. */
const fixed = {
  owner: 'immutable',
  participantIds: 'immutable',
} as const;

export const mailMessage = defineEntity({
  name: 'mailMessage',
  collection: 'messages',
  label: 'E-mail',
  labelPlural: 'E-mails',
  titleField: 'fromName',
  audience: 'owner',
  fields: {
    fromName: { type: 'text', label: 'From', required: true, pii: true, listed: true, maxLength: 254 },
    fromAddress: { type: 'text', maxLength: 254, label: 'Address of the sender', pii: true, listed: true },
    /** `{ name, address }` of everybody it went to; hidden copies are not among them. */
    recipients: { type: 'json', label: 'To', pii: true },
    direction: {
      type: 'select',
      label: 'Direction',
      required: true,
      listed: true,
      options: toOptions({ inbound: 'Inbound', outbound: 'Outbound' }),
    },
    sentAt: { type: 'dateTime', label: 'When', required: true, indexed: true, listed: true },
    /** The same for all mails of a conversation. */
    threadKey: { type: 'text', label: 'Conversation', indexed: true, maxLength: 64, noisy: true },
    /** The same for every mailbox the mail lies in. */
    mailKey: { type: 'text', label: 'Mail', indexed: true, maxLength: 64, noisy: true },
    attachmentCount: { type: 'integer', label: 'Attachments' },
    visibility,
    contactIds: { type: 'references', to: 'contact', label: 'Contacts' },
    ...links,
    ...ownershipFields,
  },
  mergePolicies: {
    ...fixed,
    fromName: 'immutable',
    fromAddress: 'immutable',
    recipients: 'immutable',
    direction: 'immutable',
    sentAt: 'immutable',
    threadKey: 'immutable',
    mailKey: 'immutable',
    attachmentCount: 'immutable',
    visibility: 'current',
    contactIds: 'set',
  },
});

export const mailContent = defineEntity({
  name: 'mailContent',
  collection: 'messages',
  label: 'Text of an e-mail',
  labelPlural: 'Texts of e-mails',
  titleField: 'subject',
  audience: 'owner',
  fields: {
    subject: { type: 'text', label: 'Subject', required: true, searchable: true, maxLength: 998 },
    /** The beginning of what was written; all of it is in the file. */
    excerpt: { type: 'longText', label: 'Text', searchable: true, maxLength: 4000 },
    messageId: { type: 'reference', to: 'mailMessage', label: 'E-mail', indexed: true },
    visibility,
    ...links,
    ...ownershipFields,
  },
  mergePolicies: {
    ...fixed,
    subject: 'immutable',
    excerpt: 'immutable',
    messageId: 'immutable',
    visibility: 'current',
  },
});

export type MailMessage = RecordOf<typeof mailMessage>;
export type MailContentRecord = RecordOf<typeof mailContent>;
