// The keys of the inbox: the ones people know from the best ones. Nothing is taken from a field that is being typed in.
import { useEffect } from 'react';

export interface InboxKeys {
  readonly move: (by: number) => void;
  readonly open: () => void;
  readonly archive: () => void;
  readonly snooze: () => void;
  readonly toggleRead: () => void;
  readonly readAll: () => void;
}

function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]') !== null
  );
}

export function useInboxKeys(keys: InboxKeys): void {
  useEffect(() => {
    const actions: Readonly<Record<string, () => void>> = {
      j: () => keys.move(1),
      ArrowDown: () => keys.move(1),
      k: () => keys.move(-1),
      ArrowUp: () => keys.move(-1),
      o: keys.open,
      e: keys.archive,
      h: keys.snooze,
      u: keys.toggleRead,
      A: keys.readAll,
    };
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
      const action = actions[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [keys]);
}
