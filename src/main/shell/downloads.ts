// What becomes of the files that windows hand over: whoever saved one is told when the disk was full, because the shell says
// nothing.
import type { Session } from 'electron';
import type { Announce } from '#main/ipc/announce.ts';

const outcomes = { completed: 'saved', cancelled: 'cancelled', interrupted: 'failed' } as const;

export function watchDownloads(session: Pick<Session, 'on'>, announce: Announce): void {
  session.on('will-download', (_event, item) => {
    // Asked before: where it is saved, and with which name, says the shell later.
    const name = item.getFilename();
    item.once('done', (_done, state) =>
      announce('file.saved', { name, outcome: outcomes[state] }, ['main', 'settings', 'audit']),
    );
  });
}
