import { useCallback, useEffect, useRef, useState } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
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

/** What waits to be restored, also when the screen was left meanwhile. */
let waiting: ReadonlySet<string> = new Set();

/**
 * What was deleted and can be restored, asked of the server when the screen opens, and again whenever this computer has sent
 * what it had to send. Without a connection only when somebody asks for it.
 */
export function useDeleted(): Deleted {
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const isSettled = useAppSelector(({ device }) => device.sync?.pendingCount === 0) && isOnline;
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [taken, setTaken] = useState(waiting);
  const [turn, setTurn] = useState(0);
  const hasList = useRef(false);
  const asked = `${String(turn)} ${String(isOnline)} ${String(isSettled)}`;
  const isWanted = isOnline || turn > 0;

  const remember = useCallback((next: ReadonlySet<string>): void => {
    waiting = next;
    setTaken(next);
  }, []);

  useEffect(() => {
    let isStale = false;
    if (!isWanted || (hasList.current && !isSettled)) return;
    invokeMain(getBridge(), 'deleted.list', {}).then(
      (list) => {
        if (isStale) return;
        hasList.current = true;
        setAnswer({ asked, list, error: null });
        // The server has judged what was taken off: what it refused is on its list again.
        if (isSettled) remember(new Set());
      },
      (failure: unknown) => {
        // What was read before can still be restored.
        if (!isStale) setAnswer((known) => ({ asked, list: known?.list ?? null, error: errorText(failure) }));
      },
    );
    return () => {
      isStale = true;
    };
  }, [asked, isWanted, isSettled, errorText, remember]);
  const list = answer?.list ?? null;
  return {
    list: list && { ...list, records: list.records.filter((record) => !taken.has(deletionOf(record))) },
    error: answer?.error ?? null,
    isReading: isWanted && answer?.asked !== asked,
    read: () => setTurn((known) => known + 1),
    take: (records) => remember(new Set([...taken, ...records.map(deletionOf)])),
  };
}
