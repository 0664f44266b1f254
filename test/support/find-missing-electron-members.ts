// Reads source text for members of the module 'electron' and names those the Chromium host does not have. It knows the
// ways this project writes them: named imports, `module.member`, and members of contents, windows and the session.
import * as electron from '#host/electron.ts';
import { WebContents } from '#host/api/web-contents.ts';
import { isUnavailable } from '#host/unavailable.ts';

type Members = Readonly<Record<string, unknown>>;
const host: Members = electron;

/** Receivers that are not modules, by how they are usually named. */
const receivers: readonly (readonly [pattern: RegExp, name: string, target: object])[] = [
  [
    /\b(?:webContents|contents|sender)\??\.([a-z]\w*)/g,
    'webContents',
    Object.assign(Object.create(WebContents.prototype) as object, {
      id: 0,
      session: 0,
      mainFrame: 0,
      ...electron.webContents,
    }),
  ],
  [/\bdefaultSession\??\.([a-z]\w*)/g, 'session', electron.session.defaultSession],
  [
    /\b(?:window|mainWindow|browserWindow)\??\.([a-z]\w*)/g,
    'BrowserWindow',
    Object.assign(Object.create(electron.BrowserWindow.prototype) as object, { id: 0, webContents: 0 }),
  ],
];

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

/** Name in electron and name in the source. */
function listImports(source: string): (readonly [string, string])[] {
  const statements = source.matchAll(
    /import\s+(?!type\b)(?:\w+\s*,\s*)?\{([^}]*)\}\s*from\s*['"]electron(?:\/main)?['"]/g,
  );
  const names = [...statements].flatMap((match) => (match[1] ?? '').split(',')).map((name) => name.trim());
  return names
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s+as\s+/))
    .map(([name = '', alias]) => [name, alias ?? name] as const);
}

/** E.g. `app.setBadgeCount`; empty when the host has everything the source uses. Sources that do not import electron are not judged. */
export function findMissingElectronMembers(text: string): string[] {
  const source = withoutComments(text);
  if (!/from\s*['"]electron/.test(source)) return [];
  const missing: string[] = [];
  const code = source.replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''");
  for (const [name, alias] of listImports(source)) {
    const module = host[name];
    if (module === undefined || isUnavailable(module)) {
      missing.push(name);
      continue;
    }
    for (const [, member = ''] of code.matchAll(new RegExp(`(?<![.\\w])${alias}\\??\\.(\\w+)`, 'g'))) {
      if (!(member in (module as object))) missing.push(`${name}.${member}`);
    }
  }
  for (const [pattern, name, target] of receivers) {
    for (const [, member = ''] of code.matchAll(pattern)) if (!(member in target)) missing.push(`${name}.${member}`);
  }
  return [...new Set(missing)];
}
