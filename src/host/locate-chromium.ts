// Where Chromium (or a browser built from it) may be on this machine. Wrapper scripts such as /usr/bin/chromium come
// last: they add switches of their own and hide the process one has to end.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const usualPlaces: readonly string[] = [
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/opt/chromium.org/chromium/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
];

/** The one command that mends a missing Chromium on Debian and Ubuntu. */
export const installChromiumCommand = 'sudo apt-get install -y chromium';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser's path, or undefined when there is none. OUTPOST_CHROMIUM, when set, is the only place looked at. */
export function locateChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment['OUTPOST_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') return isExecutable(chosen) ? path.resolve(chosen) : undefined;
  const windows = [environment['PROGRAMFILES'], environment['LOCALAPPDATA']]
    .filter((base) => base !== undefined)
    .map((base) => path.join(base, 'Google/Chrome/Application/chrome.exe'));
  return [...usualPlaces, ...windows].find(isExecutable);
}
