// Who is asked, in which order, and what happens then: windows are stand-ins that say what they were told.
import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { expect, test } from 'vitest';
import { createTypedWork } from '#main/shell/typed-work.ts';

class StandIn extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), { id: 0 });
  isClosed = false;

  constructor(id: number) {
    super();
    this.webContents.id = id;
  }

  /** As Electron does: the page objects while it holds typed work, and whoever prevents that lets it go. */
  close(): void {
    let isLetGo = false;
    this.webContents.emit('will-prevent-unload', { preventDefault: () => (isLetGo = true) });
    if (!isLetGo) return;
    this.isClosed = true;
    this.emit('closed');
  }
}

function open(...ids: readonly number[]) {
  const shown: number[] = [];
  const work = createTypedWork((window) => shown.push(window.webContents.id));
  const windows = ids.map((id) => {
    const window = new StandIn(id);
    work.watch(window as unknown as BrowserWindow);
    work.note(id, true);
    return window;
  });
  const [first = new StandIn(0)] = windows;
  let ends = 0;
  return { work, shown, first, quit: () => work.whenLetGo(() => (ends += 1)), ends: () => ends };
}

test('UI-FORM every window with typed work is asked before the application ends', () => {
  const { work, shown, quit, ends } = open(1, 2);
  quit();
  expect([shown, ends()]).toEqual([[1], 0]);
  work.answer(1, true);
  expect([shown, ends()]).toEqual([[1, 2], 0]);
  work.answer(2, true);
  expect([shown, ends()]).toEqual([[1, 2], 1]);
});

test('UI-FORM whoever keeps editing keeps every window, and each is asked again', () => {
  const { work, shown, first, quit, ends } = open(1, 2);
  quit();
  work.answer(1, true);
  work.answer(2, false);
  first.close();
  quit();
  expect([shown, ends(), first.isClosed]).toEqual([[1, 2, 1, 1], 0, false]);
});

test('UI-FORM a window that was let go closes', () => {
  const { work, shown, first } = open(1);
  first.close();
  expect([shown, first.isClosed]).toEqual([[1], false]);
  work.answer(1, true);
  expect(first.isClosed).toBe(true);
});

test.each<[string, (stand: ReturnType<typeof open>) => void]>([
  ['a system that goes down', ({ work }) => work.stopAsking()],
  ['a page that hangs', ({ first }) => first.emit('unresponsive')],
  ['a page that died', ({ first }) => first.webContents.emit('render-process-gone')],
  ['work that was saved', ({ work }) => work.note(1, false)],
])('UI-FORM %s holds nothing up', (_case, happen) => {
  const stand = open(1);
  stand.quit();
  expect(stand.ends()).toBe(0);
  happen(stand);
  expect(stand.ends()).toBe(1);
});
