// dialog: there is nobody to ask, so every question counts as cancelled, which an app must bear anyway. Tests replace
// the methods, as they would in Electron.
import type Electron from 'electron';
import { tell } from '../host-state.ts';
import { createStrict } from '../unavailable.ts';

type MessageBox = Pick<Electron.MessageBoxOptions, 'message' | 'buttons' | 'cancelId'>;

function cancelMessage(...args: readonly unknown[]): number {
  const { message, buttons = [], cancelId } = args.at(-1) as MessageBox;
  const usual = buttons.findIndex((label) => /^(cancel|no|abbrechen|nein)$/i.test(label));
  const response = cancelId ?? Math.max(usual, 0);
  tell(`message box "${message}" answered with "${buttons[response] ?? 'OK'}"`);
  return response;
}

export const dialog = createStrict('dialog', {
  showMessageBox: async (...args: readonly unknown[]) => ({ response: cancelMessage(...args), checkboxChecked: false }),
  showMessageBoxSync: cancelMessage,
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showOpenDialogSync: () => undefined,
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showSaveDialogSync: () => '',
  showErrorBox: (title: string, content: string) => tell(`${title}: ${content}`),
});
