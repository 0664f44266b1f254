import { saveFile } from '#renderer/blocks/save-file.ts';

/** Hands a text to the user as a file. */
export function saveTextFile(name: string, type: string, text: string): void {
  saveFile(name, new Blob([text], { type }));
}
