import { useEffect } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

/** Main counts minutes; it need not hear of every key. */
const TELL_EVERY_MS = 15_000;

/** Tells main that somebody is at this window. */
export function useActivity(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    let toldAtMs = -Infinity;
    const note = (): void => {
      const nowMs = performance.now();
      if (nowMs - toldAtMs < TELL_EVERY_MS) return;
      toldAtMs = nowMs;
      void invokeMain(getBridge(), 'session.noteActivity', {});
    };
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const name of events) window.addEventListener(name, note, { capture: true, passive: true });
    return () => {
      for (const name of events) window.removeEventListener(name, note, { capture: true });
    };
  }, [isOn]);
}
