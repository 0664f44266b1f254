// What the command line and the environment say about this run. Read once, before the app's own code.
import path from 'node:path';

const argumentsGiven = process.argv.slice(2);

export const hostState = {
  isHeadless: process.env['OUTPOST_HEADLESS'] === '1' || argumentsGiven.includes('--headless'),
  /** Switches for Chromium, as the app and the command line gave them. */
  switches: new Map<string, string>(),
  /** Folder of the app's package.json; set by launch.ts. */
  appPath: process.cwd(),
  packageInfo: { name: 'electron', productName: undefined as string | undefined, version: '0.0.0' },
  executable: process.env['OUTPOST_HOST_EXECUTABLE'] ?? path.join(import.meta.dirname, 'bin/electron'),
};

/** A line for whoever started the app; the log of the app itself stays untouched. */
export function tell(line: string): void {
  process.stderr.write(`[chromium-host] ${line}\n`);
}

for (const argument of argumentsGiven) {
  const match = /^--([^=]+)(?:=(.*))?$/.exec(argument);
  if (match !== null) hostState.switches.set(match[1] ?? '', match[2] ?? '');
}
