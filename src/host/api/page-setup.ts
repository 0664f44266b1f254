// What a page of the host is made of before it loads anything: which preferences are accepted, its preload and the
// scripts of its two worlds, and how the protocol's shapes become Electron's.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import vm from 'node:vm';
import type Electron from 'electron';
import type { CdpSession } from '../browser/cdp-connection.ts';
import { hostState } from '../host-state.ts';
import { createIsolatedWorldScript, createMainWorldScript, preloadWorld } from '../page/page-script.ts';
import { createUnavailableError } from '../unavailable.ts';

export type WebPreferences = NonNullable<Electron.BrowserWindowConstructorOptions['webPreferences']>;

/** The function that only the preload's world has. */
export const preloadBinding = '__hostSend';

/** Accepts only what the host keeps to: an isolated preload, no Node in the page, one session. */
export function assertPreferences(preferences: WebPreferences): void {
  const refused: readonly [boolean, string][] = [
    [preferences.nodeIntegration === true, 'nodeIntegration'],
    [preferences.nodeIntegrationInWorker === true, 'nodeIntegrationInWorker'],
    [preferences.nodeIntegrationInSubFrames === true, 'nodeIntegrationInSubFrames'],
    [preferences.contextIsolation === false, 'contextIsolation: false'],
    [preferences.sandbox === false, 'sandbox: false'],
    [preferences.webviewTag === true, 'webviewTag'],
    [preferences.webSecurity === false, 'webSecurity: false'],
    [preferences.javascript === false, 'javascript: false'],
    [preferences.offscreen !== undefined && preferences.offscreen !== false, 'offscreen'],
    [preferences.partition !== undefined, 'partition'],
  ];
  for (const [isRefused, name] of refused) if (isRefused) throw createUnavailableError(`webPreferences.${name}`);
}

/** The preload's text; '' when there is none or it does not compile, which is reported. */
export async function readPreload(file: string | undefined, report: (error: unknown) => void): Promise<string> {
  if (file === undefined) return '';
  try {
    const source = await readFile(file, 'utf8');
    vm.compileFunction(source, ['require', 'module', 'exports', 'process'], { filename: file });
    return source;
  } catch (error) {
    report(error);
    return '';
  }
}

/** Everything that must be in place before the first load, in this order. */
export function installPageScripts(
  session: CdpSession,
  additionalArguments: readonly string[],
  preload: string,
): Promise<unknown>[] {
  const word = randomUUID();
  const processInfo = {
    type: 'renderer',
    platform: process.platform,
    arch: process.arch,
    versions: { ...process.versions },
    argv: [hostState.executable, ...additionalArguments],
    env: {},
    sandboxed: true,
    contextIsolated: true,
  };
  const options = { titleSuffix: hostState.isHeadless ? '' : ' (Chromium host)', processInfo };
  return [
    session.send('Page.enable'),
    session.send('Inspector.enable'),
    session.send('Runtime.addBinding', { name: preloadBinding, executionContextName: preloadWorld }),
    session.send('Page.addScriptToEvaluateOnNewDocument', { source: createMainWorldScript(word) }),
    session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: createIsolatedWorldScript(word, options, preload),
      worldName: preloadWorld,
    }),
    session.send('Runtime.enable'),
    session.send('Fetch.enable', {
      patterns: [{ urlPattern: '*', resourceType: 'Document', requestStage: 'Request' }],
    }),
  ];
}

/** The protocol's Runtime.consoleAPICalled. */
export interface ConsoleCall {
  readonly type: string;
  readonly args: readonly { readonly value?: unknown; readonly description?: string }[];
  readonly stackTrace?: { readonly callFrames: readonly { readonly url: string; readonly lineNumber: number }[] };
}

export function describeConsoleCall({ type, args, stackTrace }: ConsoleCall): object {
  const level = type === 'error' || type === 'warning' || type === 'debug' ? type : 'info';
  const at = stackTrace?.callFrames[0];
  const message = args
    .map(({ value, description }) =>
      typeof value === 'string' ? value : (description ?? JSON.stringify(value) ?? 'undefined'),
    )
    .join(' ');
  return { level, message, lineNumber: (at?.lineNumber ?? 0) + 1, sourceId: at?.url ?? '' };
}

/** Throws for paper sizes other than A4. */
export function toPrintParams(options: Electron.PrintToPDFOptions): Record<string, unknown> {
  const {
    landscape,
    printBackground,
    scale,
    pageRanges,
    headerTemplate,
    footerTemplate,
    displayHeaderFooter,
    pageSize,
  } = options;
  if (pageSize !== undefined && pageSize !== 'A4')
    throw createUnavailableError(`printToPDF pageSize ${JSON.stringify(pageSize)}`);
  const paper = pageSize === 'A4' ? { paperWidth: 8.27, paperHeight: 11.69 } : {};
  return {
    landscape,
    printBackground,
    scale,
    pageRanges,
    headerTemplate,
    footerTemplate,
    displayHeaderFooter,
    ...paper,
  };
}
