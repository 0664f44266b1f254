// Typed work that is nowhere else yet: no window closes over it, and the application neither ends nor installs an update, before
// whoever typed it was asked. A page says when it holds some, asks, and brings the answer. Whoever must not be kept waiting (the
// system going down, a signal) does not ask.
import type { BrowserWindow } from 'electron';

interface Watched {
  readonly window: BrowserWindow;
  isTyped: boolean;
  /** A page that does not answer could not ask. */
  isHung: boolean;
  /** Its person said that what was typed may go. */
  isLetGo: boolean;
}

export interface TypedWork {
  watch(window: BrowserWindow): void;
  note(contentsId: number, isTyped: boolean): void;
  /** What the person of that window answered. */
  answer(contentsId: number, discards: boolean): void;
  /** Runs `then` once every window that holds typed work was let go; not at all when somebody keeps editing. */
  whenLetGo(then: () => void): void;
  /** From now on nobody is asked. */
  stopAsking(): void;
}

/** `show` brings a window to the front and puts the question into it. */
export function createTypedWork(show: (window: BrowserWindow) => void): TypedWork {
  const watched = new Map<number, Watched>();
  let waiting: (() => void) | null = null;
  let isOver = false;

  const isInTheWay = (entry: Watched): boolean => !isOver && entry.isTyped && !entry.isHung && !entry.isLetGo;

  /** The next window that is in the way, or what everybody waited for. */
  function goOn(): void {
    if (waiting === null) return;
    const next = [...watched.values()].find(isInTheWay);
    if (next !== undefined) {
      show(next.window);
      return;
    }
    const then = waiting;
    waiting = null;
    then();
  }

  return {
    watch(window) {
      const { id } = window.webContents;
      const entry: Watched = { window, isTyped: false, isHung: false, isLetGo: false };
      watched.set(id, entry);
      window.webContents.on('will-prevent-unload', (event) => {
        if (isInTheWay(entry)) show(window);
        // What the page objects to happens nevertheless.
        else event.preventDefault();
      });
      window.webContents.on('render-process-gone', () => {
        entry.isTyped = false;
        goOn();
      });
      window.on('unresponsive', () => {
        entry.isHung = true;
        goOn();
      });
      window.on('responsive', () => {
        entry.isHung = false;
      });
      window.on('closed', () => {
        watched.delete(id);
        goOn();
      });
    },
    note(contentsId, isTyped) {
      const entry = watched.get(contentsId);
      if (entry === undefined) return;
      entry.isTyped = isTyped;
      entry.isLetGo = false;
      if (!isTyped) goOn();
    },
    answer(contentsId, discards) {
      const entry = watched.get(contentsId);
      if (entry === undefined) return;
      if (!discards) {
        waiting = null;
        for (const other of watched.values()) other.isLetGo = false;
        return;
      }
      entry.isLetGo = true;
      if (waiting === null) entry.window.close();
      else goOn();
    },
    whenLetGo(then) {
      waiting = then;
      goOn();
    },
    stopAsking() {
      isOver = true;
      goOn();
    },
  };
}
