// dialog: there is nobody to ask, so every question counts as cancelled, which an app must bear anyway. What somebody would choose
// in a dialog for a folder or a file can stand in a file that OUTPOST_HOST_CHOOSES names.
import { existsSync, readFileSync } from 'node:fs';
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

function readChosen(): string {
  const file = process.env['OUTPOST_HOST_CHOOSES'] ?? '';
  return file !== '' && existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

export const dialog = createStrict('dialog', {
  showMessageBox: async (...args: readonly unknown[]) => ({ response: cancelMessage(...args), checkboxChecked: false }),
  showMessageBoxSync: cancelMessage,
  showOpenDialog: async () => {
    const chosen = readChosen();
    if (chosen === '') tell('a dialog for a folder or a file was answered as cancelled');
    return { canceled: chosen === '', filePaths: chosen === '' ? [] : [chosen] };
  },
  showOpenDialogSync: () => undefined,
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showSaveDialogSync: () => '',
  showErrorBox: (title: string, content: string) => tell(`${title}: ${content}`),
});
