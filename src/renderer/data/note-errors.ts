// Errors nobody caught in a page are told to the main process, which writes them down: kind and places in the code, never the message.
import type { OutpostBridge } from '#shared/ipc/contract.ts';
import { describeParts } from '#shared/observe/error-report.ts';

const MOST_TOLD = 20;

/** `place`: which page this is. Answers how an error is told that was caught and that nobody sees. */
export function noteErrors(bridge: OutpostBridge, place: string): (error: unknown) => void {
  let told = 0;
  const note = (error: unknown): void => {
    for (const { kind, frames } of describeParts(error)) {
      // A page that fails in a loop says so often enough.
      if (told >= MOST_TOLD) return;
      told += 1;
      // It answers an envelope whatever happens: there is nobody left to tell.
      void bridge.invoke('app.noteError', {
        kind: kind.slice(0, 64),
        place,
        frames: frames.map((frame) => ({ ...frame })),
      });
    }
  };
  globalThis.addEventListener('error', ({ error }) => note(error));
  globalThis.addEventListener('unhandledrejection', ({ reason }) => note(reason));
  return note;
}
