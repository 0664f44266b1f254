// Pages of the audit, newest first, as the filters want them; older ones are added below.
import { useCallback, useEffect, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AuditLine, AuditQuery } from '#shared/sync/audit-messages.ts';

export type AuditFilter = Omit<AuditQuery, 'before' | 'limit'>;

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
    (before: number | null, known: readonly AuditLine[], isWanted: () => boolean) => {
      invokeMain(getBridge(), 'audit.entries', { ...filter, ...(before === null ? {} : { before }) }).then(
        ({ entries, next }) => {
          if (!isWanted()) return;
          setError(null);
          setLoaded({ filter, entries: [...known, ...entries], next });
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
    read(null, [], () => isWanted);
    return () => {
      isWanted = false;
    };
  }, [read]);
  return {
    entries: loaded?.entries ?? null,
    hasOlder: loaded !== null && loaded.next !== null,
    error,
    readOlder: () => {
      if (loaded?.filter === filter) read(loaded.next, loaded.entries, () => true);
    },
    replace(line) {
      setLoaded((now) =>
        now === null ? null : { ...now, entries: now.entries.map((old) => (old.no === line.no ? line : old)) },
      );
    },
  };
}
