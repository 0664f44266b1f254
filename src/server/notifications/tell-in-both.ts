// A person is told in the inbox of all their devices and by mail where the server has mail, in their own language and in the look
// of the organization. The inbox goes first: a mail that does not go takes nothing away.
import { entities } from '#shared/entities/registry.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import { MailError, type Mailer } from '#server/mail/mailer.ts';
import { tellPerson } from '#server/notifications/tell-person.ts';
import { wordsFor, type ReportWords } from '#server/reports/report-words.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

export interface Addressee {
  readonly actor: Actor;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Null for somebody who is not there any more, or switched off. */
export async function readAddressee(
  session: SqlSession,
  tenantId: TenantId,
  userId: string,
): Promise<Addressee | null> {
  const loaded = await readActor(session, tenantId, userId as UserId);
  const profile = await findRecord(session, tenantId, 'user', userId);
  return loaded === null ? null : { actor: loaded.actor, profile: profile?.record ?? {} };
}

/** Texts, numbers and times of this person. */
export const wordsOf = ({ profile }: Addressee): Promise<ReportWords> => wordsFor(profile, 'UTC', entities);

export interface Told {
  /** Names this news: the same news told again, after a crash, is the same notice and the same mail. */
  readonly news: string;
  readonly about: readonly string[];
  readonly title: string;
  readonly text: string;
  /** What the mail says where it says more than the inbox. */
  readonly mailText?: string;
}

/** `refused`: the address takes no mail. @throws MailError when another attempt may help; the inbox has it by then. */
export async function tellInBoth(
  {
    database,
    mailer,
    clock,
  }: { readonly database: SqlDatabase; readonly mailer: Pick<Mailer, 'send'> | null; readonly clock: Clock },
  tenantId: TenantId,
  { actor }: Addressee,
  { news, about, title, text, mailText = text }: Told,
): Promise<'sent' | 'refused' | 'noMail'> {
  const notice = { id: stableId(`${news}-notice`, tenantId, ...about), userId: actor.userId, title, text };
  await database.inTenant(tenantId, (session) => tellPerson(session, { tenantId, nowMs: clock.now() }, notice));
  if (mailer === null) return 'noMail';
  const to = { name: actor.name, address: actor.email };
  const mail = { to, subject: title, text: mailText, id: stableId(`${news}-mail`, tenantId, ...about) };
  try {
    await sendBranded(database, tenantId, mailer, mail);
    return 'sent';
  } catch (error) {
    if (!(error instanceof MailError) || error.failure !== 'refused') throw error;
    return 'refused';
  }
}
