import { Notification } from 'electron';

export interface DesktopMessage {
  readonly title: string;
  readonly body: string;
  /** Labels of buttons. Where a desktop has none for messages, a click is all there is. */
  readonly buttons?: readonly string[];
  readonly onClick: () => void;
  readonly onButton?: (index: number) => void;
}

/** Shows a message of the desktop. Does nothing where the desktop has none. */
export function showMessage({ title, body, buttons = [], onClick, onButton }: DesktopMessage): { close(): void } {
  if (!Notification.isSupported()) return { close: () => undefined };
  const actions = buttons.map((text) => ({ type: 'button' as const, text }));
  const notification = new Notification({ title, body, actions });
  notification.on('click', onClick);
  notification.on('action', (details, index) => {
    const chosen = typeof details.actionIndex === 'number' ? details.actionIndex : index;
    onButton?.(chosen);
  });
  notification.show();
  return { close: () => notification.close() };
}

export function showNotification(title: string, body: string, onClick: () => void): void {
  showMessage({ title, body, onClick });
}
