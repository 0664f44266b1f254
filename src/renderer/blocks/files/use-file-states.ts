import { useEffect, useState } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { FileState } from '#shared/ipc/file-state.ts';

const nowhere = (id: string): FileState => ({ id, place: 'absent', transfer: null, refusal: null, isPinned: false });

/** Where the content of these files is, followed as it moves. */
export function useFileStates(ids: readonly string[]): (id: string) => FileState {
  const [states, setStates] = useState<ReadonlyMap<string, FileState>>(new Map());
  const key = ids.join(' ');
  useEffect(() => {
    let isStopped = false;
    const asked = key === '' ? [] : key.split(' ');
    const read = (): void => {
      if (asked.length === 0) return;
      void invokeMain(getBridge(), 'files.states', { ids: asked }).then(
        (answer) => {
          if (!isStopped) setStates(new Map(answer.map((state) => [state.id, state])));
        },
        // Signed out meanwhile: there is nothing to show.
        () => undefined,
      );
    };
    read();
    const stop = getBridge().on('files.changed', (event) => {
      if (event.ids.some((id) => asked.includes(id))) read();
    });
    return () => {
      isStopped = true;
      stop();
    };
  }, [key]);
  return (id) => states.get(id) ?? nowhere(id);
}
