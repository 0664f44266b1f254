// What this person's mailboxes and outbox hold, kept up to date by what main announces.
import { useEffect, useState } from 'react';
import { getBridge } from '#renderer/data/bridge.ts';
import type { MailboxState } from '#shared/mail/mail-types.ts';

/** Null before the first answer. `version` grows with every change. */
export function useMailbox(): { readonly state: MailboxState | null; readonly version: number } {
  const [answer, setAnswer] = useState<{ readonly state: MailboxState | null; readonly version: number }>({
    state: null,
    version: 0,
  });
  useEffect(() => {
    let isStopped = false;
    const read = (): void => {
      void getBridge()
        .invoke('mailbox.state', {})
        .then((found) => {
          if (!isStopped && found.ok) setAnswer(({ version }) => ({ state: found.value, version: version + 1 }));
        });
    };
    read();
    const stop = getBridge().on('mailbox.changed', read);
    return () => {
      isStopped = true;
      stop();
    };
  }, []);
  return answer;
}
