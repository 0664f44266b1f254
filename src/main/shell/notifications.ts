import { Notification } from 'electron';

/** Shows a message of the desktop; clicking it calls `onClick`. Does nothing where the desktop has none. */
export function showNotification(title: string, body: string, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  notification.on('click', onClick);
  notification.show();
}
