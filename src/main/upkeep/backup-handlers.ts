import type { BackupsChannel } from '#shared/ipc/channel-names.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { Backups } from '#main/upkeep/backups.ts';

export function createBackupHandlers(backups: Backups): Pick<Handlers, BackupsChannel> {
  return {
    'backups.state': () => backups.state(),
    'backups.chooseFolder': async () => {
      await backups.chooseFolder();
      return null;
    },
    'backups.forgetFolder': () => {
      backups.forgetFolder();
      return null;
    },
    'backups.keep': ({ count }) => {
      backups.setKeep(count);
      return null;
    },
    'backups.setPassphrase': async ({ passphrase }) => {
      await backups.setPassphrase(passphrase);
      return null;
    },
    'backups.now': async () => ({ jobId: await backups.now() }),
    'backups.look': ({ backup }) => backups.look(backup),
    'backups.open': ({ passphrase }) => backups.openWith(passphrase),
    'backups.restore': ({ id }) => ({ back: backups.restore(id) }),
  };
}
