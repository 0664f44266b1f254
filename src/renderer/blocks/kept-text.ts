// Text that is typed beside other things, in no dialog: another screen is looked at meanwhile, and on return it stands there. It is
// in memory alone, so whoever closes the window over it is asked first, and led to it.
import { useCallback, useState, useSyncExternalStore } from 'react';
import { useAppSelector, type State } from '#renderer/app/store/store.ts';

interface KeptText {
  readonly text: string;
  /** Part of the address that leads to its field. */
  readonly hash: string;
}

/** By person and place, the latest last. */
const kept = new Map<string, KeptText>();
const listeners = new Set<() => void>();

const selectUserId = ({ device: { ownSession } }: State): string | null =>
  ownSession?.status === 'signedIn' ? ownSession.actor.userId : null;

function keep(key: string, text: string): void {
  kept.delete(key);
  if (text !== '') kept.set(key, { text, hash: window.location.hash });
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** State of a field whose text is not lost with its screen. No place: it is, as usual. */
export function useKeptText(place: string | null, start = ''): readonly [string, (text: string) => void] {
  const userId = useAppSelector(selectUserId);
  const key = place === null || userId === null ? null : `${userId} ${place}`;
  const keptText = (key === null ? undefined : kept.get(key)?.text) ?? start;
  const [typed, setTyped] = useState({ key, text: keptText });
  const setText = useCallback(
    (text: string) => {
      setTyped({ key, text });
      if (key !== null) keep(key, text);
    },
    [key],
  );
  return [typed.key === key ? typed.text : keptText, setText];
}

/** Where this person typed last what is saved nowhere; null when there is nothing. */
export function useKeptPlace(): string | null {
  const userId = useAppSelector(selectUserId);
  return useSyncExternalStore(listen, () => {
    const own = [...kept].filter(([key]) => userId !== null && key.startsWith(`${userId} `));
    return own.at(-1)?.[1].hash ?? null;
  });
}
