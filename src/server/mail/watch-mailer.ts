// Remembers how mail goes: what the last attempt came to, and when. Whoever wants to know whether mail works asks here, and at most
// once in five minutes the mail server is asked for it.
import type { Clock } from '#shared/kernel/ports.ts';
import { MailError, type Mailer } from '#server/mail/mailer.ts';

export type MailOutcome = 'sent' | 'refused' | 'unreachable' | 'unknown';

export interface MailStanding {
  readonly isWell: boolean;
  readonly atMs: number;
}

export interface WatchedMailer extends Mailer {
  /** Null while nobody could tell within the time: the mail server is being asked. */
  standing(waitMs: number): Promise<MailStanding | null>;
}

const FRESH_MS = 300_000;

export function watchMailer(mailer: Mailer, clock: Clock, onOutcome: (outcome: MailOutcome) => void): WatchedMailer {
  let last: MailStanding | null = null;
  let asking: Promise<void> | null = null;
  const note = (isWell: boolean): void => {
    last = { isWell, atMs: clock.now() };
  };
  async function check(): Promise<void> {
    try {
      await mailer.check();
      note(true);
    } catch (error) {
      note(false);
      throw error;
    }
  }
  return {
    from: mailer.from,
    check,
    async send(mail, commit) {
      try {
        await mailer.send(mail, commit);
        note(true);
        onOutcome('sent');
      } catch (error) {
        // That a mail was not to be sent any more says nothing about the mail server, nor does an address that is refused.
        if (error instanceof MailError) {
          note(error.failure === 'refused');
          onOutcome(error.failure);
        }
        throw error;
      }
    },
    close: () => mailer.close(),
    async standing(waitMs) {
      if (last !== null && clock.now() - last.atMs < FRESH_MS) return last;
      asking ??= check()
        // What came of it was noted.
        .catch(() => undefined)
        .finally(() => {
          asking = null;
        });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, waitMs);
      });
      await Promise.race([asking, late]);
      clearTimeout(timer);
      return last;
    },
  };
}
