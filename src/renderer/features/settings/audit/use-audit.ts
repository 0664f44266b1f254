// Pages of the audit, newest first, as the filters want them; older ones are added below.
import { useCallback, useEffect, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { MOST_AUDIT_ENTRIES, type AuditLine, type AuditPage, type AuditQuery } from '#shared/sync/audit-messages.ts';

export type AuditFilter = Omit<AuditQuery, 'before' | 'limit'>;

export interface AuditEntries {
  readonly entries: readonly AuditLine[] | null;
  readonly hasOlder: boolean;
  /** Why there is nothing, in the user's words. */
  readonly error: string | null;
  readonly readOlder: () => void;
}

interface Loaded {
  readonly filter: AuditFilter;
  readonly entries: readonly AuditLine[];
  readonly next: number | null;
}

export function useAudit(filter: AuditFilter): AuditEntries {
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
  };
}

/** Everything that fits, a page after the other; `note` hears how much there is so far. */
export async function readAllAudit(filter: AuditFilter, note: (count: number) => void): Promise<readonly AuditLine[]> {
  const lines: AuditLine[] = [];
  for (let before: number | null = null; ;) {
    const page: AuditQuery = { ...filter, limit: MOST_AUDIT_ENTRIES, ...(before === null ? {} : { before }) };
    const { entries, next }: AuditPage = await invokeMain(getBridge(), 'audit.entries', page);
    lines.push(...entries);
    note(lines.length);
    if (next === null) return lines;
    before = next;
  }
}
