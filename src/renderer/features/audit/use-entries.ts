// Pages of the audit, newest first, as the filters want them; older ones are added below, and what happens while somebody looks
// above.
import { useCallback, useEffect, useState } from 'react';
import { LOOK_AGAIN_MS, lookAgain } from '#renderer/blocks/look-again.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AuditLine, AuditPage, AuditQuery } from '#shared/sync/audit-messages.ts';

export type AuditFilter = Omit<AuditQuery, 'limit'>;

export interface AuditEntries {
  readonly entries: readonly AuditLine[] | null;
  readonly hasOlder: boolean;
  /** Why there is nothing, in the user's words. */
  readonly error: string | null;
  readonly readOlder: () => void;
  /** Puts a line in the place of the one with its number. */
  readonly replace: (line: AuditLine) => void;
}

interface Loaded {
  readonly filter: AuditFilter;
  readonly entries: readonly AuditLine[];
  readonly next: number | null;
}

export function useEntries(filter: AuditFilter): AuditEntries {
  const errorText = useErrorText();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = useCallback(
    (before: number | null, take: (now: Loaded | null, page: AuditPage) => Loaded | null, isWanted: () => boolean) => {
      invokeMain(getBridge(), 'audit.entries', { ...filter, ...(before === null ? {} : { before }) }).then(
        (page) => {
          if (!isWanted()) return;
          setError(null);
          setLoaded((now) => take(now, page));
        },
        (failure: unknown) => {
          if (isWanted()) setError(errorText(failure));
        },
      );
    },
    [filter, errorText],
  );
  useEffect(() => {
    let isWanted = true;
    const take = (now: Loaded | null, page: AuditPage): Loaded =>
      now?.filter === filter ? withNewer(now, page) : { ...page, filter };
    const look = (): void => read(null, take, () => isWanted);
    look();
    const stop = lookAgain(look, LOOK_AGAIN_MS);
    return () => {
      isWanted = false;
      stop();
    };
  }, [read, filter]);
  return {
    entries: loaded?.entries ?? null,
    hasOlder: loaded !== null && loaded.next !== null,
    error,
    readOlder() {
      if (loaded?.filter !== filter) return;
      const take = (now: Loaded | null, page: AuditPage): Loaded | null =>
        now?.filter === filter ? { ...page, filter, entries: [...now.entries, ...page.entries] } : now;
      read(loaded.next, take, () => true);
    },
    replace(line) {
      setLoaded((now) =>
        now === null ? null : { ...now, entries: now.entries.map((old) => (old.no === line.no ? line : old)) },
      );
    },
  };
}

/** The newest page on top of what is shown. When all of it is new, there may be more between, and it stands alone. */
function withNewer(now: Loaded, page: AuditPage): Loaded {
  const newest = now.entries[0]?.no ?? 0;
  const last = page.entries.at(-1)?.no ?? 0;
  if (last > newest && page.next !== null) return { ...now, ...page };
  const found = new Map(page.entries.map((line) => [line.no, line]));
  const fresh = page.entries.filter(({ no }) => no > newest);
  return { ...now, entries: [...fresh, ...now.entries.map((line) => found.get(line.no) ?? line)] };
}
