// Channels about mailboxes: one line each, the work is elsewhere.
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import { fetchPictures } from '#main/mail/fetch-pictures.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { MailEngine } from '#main/mail/mail-engine.ts';

type MailboxHandlers = Pick<Handlers, Extract<keyof Handlers, `mailbox.${string}`>>;

export function createMailboxHandlers(mail: MailEngine): MailboxHandlers {
  /** For channels that answer nothing. */
  const done = async (work: Promise<void> | void): Promise<null> => {
    await work;
    return null;
  };
  return {
    'mailbox.state': () => mail.state(),
    'mailbox.try': (input) => mail.tryAccount(input),
    'mailbox.save': (input) => mail.save(input),
    'mailbox.signIn': (input) => mail.signIn(input),
    'mailbox.cancelSignIn': () => done(mail.cancelSignIn()),
    'mailbox.remove': ({ id }) => done(mail.remove(id)),
    'mailbox.chooseFolder': ({ folder, on }) => done(mail.chooseFolder(folder, on)),
    'mailbox.forgetFolder': ({ folder }) => done(mail.forgetFolder(folder)),
    'mailbox.sync': ({ id, folder, thorough }) => done(mail.sync(id, folder, thorough)),
    'mailbox.threads': ({ folder, offset, limit, search }) => mail.threads(folder, offset, limit, search),
    'mailbox.newest': ({ since, limit }) => mail.newest(toEpochMs(since), limit),
    'mailbox.thread': ({ id }) => mail.thread(id),
    'mailbox.fetchWhole': ({ id }) => done(mail.fetchWhole(id)),
    'mailbox.readKept': ({ fileId }) => mail.readKept(fileId),
    'mailbox.attachment': ({ mail: which, index }) => mail.attachment(which, index),
    'mailbox.pictures': ({ urls }) => fetchPictures(urls),
    'mailbox.attach': ({ id, sizeBytes, bytes }) => mail.attach(id, sizeBytes, bytes),
    'mailbox.saveDraft': ({ id, draft }) => mail.saveDraft(id, draft),
    'mailbox.send': ({ id }) => done(mail.send(id)),
    'mailbox.recall': ({ id }) => done(mail.recall(id)),
    'mailbox.retry': ({ id }) => done(mail.retry(id)),
    'mailbox.decide': ({ id, was }) => done(mail.decide(id, was)),
    'mailbox.discard': ({ id }) => done(mail.discard(id)),
    'mailbox.damageSeen': () => done(mail.noteDamageSeen()),
  };
}
