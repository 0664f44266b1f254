import { useEffect, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { DeletedRecord, DeletedRecords } from '#shared/sync/deleted-messages.ts';

export const placeOf = ({ entity, id }: DeletedRecord): string => `${entity}/${id}`;
/** A record that is deleted once more is another one to restore. */
const deletionOf = (record: DeletedRecord): string => `${placeOf(record)} ${record.deletedAt}`;

interface Answer {
  readonly asked: string;
  readonly list: DeletedRecords | null;
  readonly error: string | null;
}

export interface Deleted {
  /** Null: not read yet. */
  readonly list: DeletedRecords | null;
  readonly error: string | null;
  /** The server was asked and has not answered yet. */
  readonly isReading: boolean;
  readonly read: () => void;
  /** Takes these off the list: they are restored, though the server may not know it yet. */
  readonly take: (records: readonly DeletedRecord[]) => void;
}

/** What was deleted and can be restored, asked of the server; again whenever the connection is back. */
export function useDeleted(): Deleted {
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [turn, setTurn] = useState(0);
  const asked = `${String(turn)} ${String(isOnline)}`;
  useEffect(() => {
    let isStale = false;
    invokeMain(getBridge(), 'deleted.list', {}).then(
      (list) => {
        if (!isStale) setAnswer({ asked, list, error: null });
      },
      (failure: unknown) => {
        // What was read before can still be restored.
        if (!isStale) setAnswer((known) => ({ asked, list: known?.list ?? null, error: errorText(failure) }));
      },
    );
    return () => {
      isStale = true;
    };
  }, [asked, errorText]);
  const list = answer?.list ?? null;
  return {
    list: list && { ...list, records: list.records.filter((record) => !taken.has(deletionOf(record))) },
    error: answer?.error ?? null,
    isReading: answer?.asked !== asked,
    read: () => setTurn((known) => known + 1),
    take: (records) => setTaken((known) => new Set([...known, ...records.map(deletionOf)])),
  };
}
