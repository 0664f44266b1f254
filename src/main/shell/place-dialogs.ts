// Dialogs of the system in which somebody names a folder or a file: pages never name one.
import { BrowserWindow, dialog, type OpenDialogOptions } from 'electron';

async function ask(options: OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return canceled ? null : (filePaths[0] ?? null);
}

export function createPlaceDialogs() {
  return {
    chooseFolder: () => ask({ properties: ['openDirectory', 'createDirectory'] }),
    chooseFile: (from: string | null) =>
      ask({ properties: ['openFile'], ...(from === null ? {} : { defaultPath: from }) }),
  };
}
