// Keys of the mail screen, before those of every screen: j and k go through the conversations, r a f answer and forward, t makes a task.
import { useEffect, useRef } from 'react';

export type MailKey = 'j' | 'k' | 'r' | 'a' | 'f' | 't';

const keys: ReadonlySet<string> = new Set<MailKey>(['j', 'k', 'r', 'a', 'f', 't']);
const isMailKey = (key: string): key is MailKey => keys.has(key);
/** `g` begins a way to another screen. */
const SEQUENCE_MS = 1200;

/** `onKey` answers whether it did something with the key; other screens' keys stay theirs. */
export function useMailKeys(onKey: (key: MailKey) => boolean): void {
  const goPressedAt = useRef(0);
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const { target, key } = event;
      const isElsewhere =
        target instanceof HTMLElement &&
        (target.isContentEditable ||
          /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
          target.closest('[role="dialog"], [role="menu"]') !== null);
      if (
        isElsewhere ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        document.querySelector('[role="dialog"]') !== null
      )
        return;
      const isWay = performance.now() - goPressedAt.current < SEQUENCE_MS;
      goPressedAt.current = key === 'g' ? performance.now() : 0;
      if (isWay || !isMailKey(key) || !onKey(key)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [onKey]);
}
