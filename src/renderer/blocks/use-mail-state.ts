import { useEffect, useState } from 'react';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { MailState } from '#shared/sync/report-messages.ts';

/** Whether the server can send mail, asked for each time this computer comes online; null while nobody can tell. */
export function useMailState(): MailState | null {
  const isOnline = useIsOnline();
  const [state, setState] = useState<MailState | null>(null);
  useEffect(() => {
    let isStale = false;
    if (!isOnline) return;
    invokeMain(getBridge(), 'mail.state', {}).then(
      (found) => {
        if (!isStale) setState(found);
      },
      () => {
        // An older server, or the line broke meanwhile: nobody can tell.
        if (!isStale) setState(null);
      },
    );
    return () => {
      isStale = true;
    };
  }, [isOnline]);
  return isOnline ? state : null;
}
