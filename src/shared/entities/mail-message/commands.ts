// Keeping mail with records. Ids follow from the mailbox's owner and the mail, so that two computers of one person keep it once.
import { Type, type Static } from 'typebox';
import { lifeOperation } from '#shared/entities/build-operation.ts';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  judge,
  outcome,
  requireRecord,
} from '#shared/entities/define-command.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { mailVisibilities } from '#shared/mail/mail-types.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const text = (maxLength: number) => Type.String({ maxLength });
const OptionalId = Type.Union([Type.Null(), IdInput]);
const Address = Type.Object({ name: text(254), address: text(254) });

export const KeptMailSchema = Type.Object({
  /** Of the record; that of its text is `<id>-t`. */
  id: Type.String({ minLength: 8, maxLength: 60 }),
  mailKey: text(64),
  threadKey: text(64),
  from: Address,
  recipients: Type.Array(Address, { maxItems: 500 }),
  direction: Type.Union([Type.Literal('inbound'), Type.Literal('outbound')]),
  sentAt: text(40),
  subject: text(998),
  excerpt: text(4000),
  attachmentCount: Type.Integer({ minimum: 0 }),
  visibility: Type.Enum(mailVisibilities),
  contactIds: Type.Array(IdInput, { maxItems: 200 }),
  contactId: OptionalId,
  leadId: OptionalId,
  accountId: OptionalId,
  dealId: OptionalId,
  participantIds: Type.Array(IdInput, { maxItems: 200 }),
  /** The mail as it came, handed over before; null when it is too large to be kept. */
  file: Type.Union([
    Type.Null(),
    Type.Object({ id: IdInput, name: text(255), sizeBytes: Type.Integer(), mediaType: text(100), sha256: text(64) }),
  ]),
});
export type KeptMail = Static<typeof KeptMailSchema>;

export const contentIdOf = (messageId: string): string => `${messageId}-t`;

/** Keeps a mail with the records it belongs to. One that is kept already stays as it is. */
export const keepMail = defineCommand(KeptMailSchema, async (context, mail) => {
  if ((await context.read('mailMessage', mail.id)) !== null) return outcome([], mail.id);
  const { visibility, accountId, contactId, leadId, dealId, participantIds } = mail;
  const txn = context.createId();
  const links = { visibility, accountId, contactId, leadId, dealId };
  const system = { participantIds };
  const message = await draftCreate(
    context,
    definitionOf('mailMessage'),
    {
      ...links,
      fromName: mail.from.name === '' ? mail.from.address : mail.from.name,
      fromAddress: isAddress(mail.from.address) ? mail.from.address : null,
      recipients: mail.recipients,
      direction: mail.direction,
      sentAt: mail.sentAt,
      threadKey: mail.threadKey,
      mailKey: mail.mailKey,
      attachmentCount: mail.attachmentCount,
      contactIds: mail.contactIds,
    },
    { command: 'keepMail', id: mail.id, txn, system },
  );
  if (!message.ok) return message;
  const contentId = contentIdOf(mail.id);
  const content = await draftCreate(
    context,
    definitionOf('mailContent'),
    { ...links, subject: mail.subject === '' ? '–' : mail.subject, excerpt: mail.excerpt, messageId: mail.id },
    { command: 'keepMail', id: contentId, txn, system, dependsOn: opIds(message.value.operations) },
  );
  if (!content.ok) return content;
  const operations = [...message.value.operations, ...content.value.operations];
  if (mail.file === null) return outcome(operations, mail.id);
  const { id, ...values } = mail.file;
  const seesContent: CommandContext = {
    ...context,
    read: async (entity, wanted) =>
      entity === 'mailContent' && wanted === contentId ? content.value.record : context.read(entity, wanted),
  };
  const file = await draftCreate(
    seesContent,
    definitionOf('file'),
    { ...values, mailContentId: contentId },
    { command: 'keepMail', id, txn, dependsOn: opIds(content.value.operations) },
  );
  return file.ok ? outcome([...operations, ...file.value.operations], mail.id) : file;
});

function opIds(operations: readonly OperationDraft[]): readonly string[] {
  return operations.map(({ opId }) => opId);
}

function isAddress(address: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address);
}

/** Who reads these mails from now on. Their text follows at once. */
export const setMailVisibility = defineCommand(
  Type.Object({
    ids: Type.Array(IdInput, { minItems: 1, maxItems: 1000 }),
    visibility: Type.Enum(mailVisibilities),
  }),
  async (context, { ids, visibility }) => changeBoth(context, ids, { visibility }, 'setMailVisibility'),
);

/** To which deal these mails belong, or to none. Their text follows at once. */
export const setMailDeal = defineCommand(
  Type.Object({ ids: Type.Array(IdInput, { minItems: 1, maxItems: 1000 }), dealId: OptionalId }),
  async (context, { ids, dealId }) => changeBoth(context, ids, { dealId }, 'setMailDeal'),
);

/** Takes a mail out of Outpost; in the mailbox it stays. */
export const forgetMail = defineCommand(Type.Object({ id: IdInput }), async (context, { id }) => {
  const both = await readBoth(context, id);
  if (!both.ok) return both;
  const files = await context.find('file', 'mailContentId', contentIdOf(id));
  const txn = context.createId();
  const operations: OperationDraft[] = [];
  for (const record of [...files, ...both.value.toReversed()]) {
    const definition = definitionOf(record.kind);
    const allowed = await judge(context, 'delete', definition, record, null);
    if (!allowed.ok) return allowed;
    operations.push(lifeOperation(context, definition, 'delete', record, { command: 'forgetMail', txn }));
  }
  return outcome(operations, id);
});

/** A mail and its text, the same in both. */
async function changeBoth(
  context: CommandContext,
  ids: readonly string[],
  values: Readonly<Record<string, unknown>>,
  command: string,
): Promise<Result<CommandOutcome>> {
  const operations: OperationDraft[] = [];
  for (const id of new Set(ids)) {
    const both = await readBoth(context, id);
    if (!both.ok) return both;
    const txn = context.createId();
    for (const record of both.value) {
      const drafted = await draftUpdate(context, definitionOf(record.kind), record, values, { command, txn });
      if (!drafted.ok) return drafted;
      operations.push(...drafted.value.operations);
    }
  }
  return outcome(operations, ids.length === 1 ? (ids[0] ?? null) : null);
}

async function readBoth(context: CommandContext, id: string): Promise<Result<readonly AnyRecord[]>> {
  const message = await requireRecord(context, 'mailMessage', id);
  if (!message.ok) return message;
  const content = await context.read('mailContent', contentIdOf(id));
  return ok(content === null ? [message.value] : [message.value, content]);
}
