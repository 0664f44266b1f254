export const LOOK_AGAIN_MS = 5_000;

/** Calls every few milliseconds, and when a hidden window is seen again, but never while it is hidden. Returns what ends it. */
export function lookAgain(look: () => void, everyMs: number): () => void {
  const lookIfSeen = (): void => {
    if (document.visibilityState !== 'hidden') look();
  };
  const timer = setInterval(lookIfSeen, everyMs);
  document.addEventListener('visibilitychange', lookIfSeen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', lookIfSeen);
  };
}
