// Messages of the desktop up to the call of Electron: what it is given, and which button calls what.
import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { showMessage } from '#main/shell/notifications.ts';

const desktop = vi.hoisted(() => ({ isSupported: true, shown: [] as unknown[], closed: 0 }));

/** Electron's class as far as its documentation says how it is used; it has no display here. */
vi.mock('electron', () => ({
  Notification: class extends EventEmitter {
    static isSupported = () => desktop.isSupported;
    readonly options: unknown;
    constructor(options: unknown) {
      super();
      this.options = options;
    }
    show(): void {
      desktop.shown.push(this);
    }
    close(): void {
      desktop.closed += 1;
    }
  },
}));

const shown = () => desktop.shown[0] as EventEmitter & { readonly options: unknown };

beforeEach(() => {
  desktop.isSupported = true;
  desktop.shown = [];
  desktop.closed = 0;
});

function show() {
  const calls: (number | 'click')[] = [];
  const message = showMessage({
    title: 'Call Ann',
    body: 'Due now',
    buttons: ['Complete', 'Snooze', 'Open'],
    onClick: () => calls.push('click'),
    onButton: (index) => calls.push(index),
  });
  return { calls, message };
}

test('TSK-08 a message of the desktop has its buttons in order, and each calls its own action', () => {
  const { calls } = show();
  expect(shown().options).toEqual({
    title: 'Call Ann',
    body: 'Due now',
    actions: ['Complete', 'Snooze', 'Open'].map((text) => ({ type: 'button', text })),
  });
  // Newer versions tell the button in the details of the event, older ones as a second argument.
  shown().emit('action', { actionIndex: 1 }, 1);
  shown().emit('action', {}, 0);
  shown().emit('action', { actionIndex: 2 });
  shown().emit('click', {});
  expect(calls).toEqual([1, 0, 2, 'click']);
});

test('TSK-08 a message is taken away again, and where the desktop has none nothing happens', () => {
  show().message.close();
  expect([desktop.shown.length, desktop.closed]).toEqual([1, 1]);
  desktop.isSupported = false;
  show().message.close();
  expect([desktop.shown.length, desktop.closed]).toEqual([1, 1]);
});
