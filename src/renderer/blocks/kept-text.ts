// Text that is typed beside other things, in no dialog: another screen is looked at meanwhile, and on return it stands there.
import { useCallback, useState } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';

/** In memory, by person and place. */
const kept = new Map<string, string>();

/** State of a field whose text is not lost with its screen. No place: it is, as usual. */
export function useKeptText(place: string | null, start = ''): readonly [string, (text: string) => void] {
  const userId = useAppSelector(({ device: { ownSession } }) =>
    ownSession?.status === 'signedIn' ? ownSession.actor.userId : null,
  );
  const key = place === null || userId === null ? null : `${userId} ${place}`;
  const keptText = (key === null ? undefined : kept.get(key)) ?? start;
  const [typed, setTyped] = useState({ key, text: keptText });
  const setText = useCallback(
    (text: string) => {
      setTyped({ key, text });
      if (key === null) return;
      if (text === '') kept.delete(key);
      else kept.set(key, text);
    },
    [key],
  );
  return [typed.key === key ? typed.text : keptText, setText];
}
