import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, resolveAppFile, serveAppFile } from '#main/shell/app-protocol.ts';
import { findDeepLink, parseDeepLink } from '#main/shell/deep-links.ts';
import { checkExternalUrl } from '#main/shell/external-links.ts';
import { buildMenuTemplate, buildTrayTemplate, type MenuActions } from '#main/shell/menu-template.ts';
import { openPreferences } from '#main/shell/preferences.ts';
import { chooseShellLanguage, shellTextOf } from '#main/shell/shell-text.ts';
import { clampToDisplays, openWindowPlaces } from '#main/shell/window-state.ts';
import { findDebugSwitch } from '#main/debug-switch.ts';
import { readStartOptions } from '#main/start-options.ts';
import { normalizeServerUrl } from '#main/sync/server-url.ts';

let directory: string;
let root: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-shell-'));
  root = path.join(directory, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'index.html'), '<!doctype html>');
  writeFileSync(path.join(root, 'assets/a.js'), 'export {}');
  writeFileSync(path.join(directory, 'secret.txt'), 'secret');
  symlinkSync(path.join(directory, 'secret.txt'), path.join(root, 'assets/link.txt'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('app protocol', () => {
  it('D6 serves files of the build and nothing else', () => {
    expect(resolveAppFile(root, 'app://outpost/')).toBe(path.join(root, 'index.html'));
    expect(resolveAppFile(root, 'app://outpost/assets/a.js?v=1#x')).toBe(path.join(root, 'assets/a.js'));
    const refused = [
      'app://outpost/../secret.txt',
      'app://outpost/assets/../../secret.txt',
      'app://outpost/%2e%2e/secret.txt',
      'app://outpost/..%2fsecret.txt',
      'app://outpost/%252e%252e/secret.txt',
      'app://outpost/assets%5c..%5c..%5csecret.txt',
      'app://outpost/assets/link.txt',
      'app://outpost//etc/passwd',
      'app://outpost/C:/Windows/win.ini',
      'app://outpost/assets/a.js%00.html',
      'app://outpost/assets',
      'app://outpost/assets/a.js/',
      'app://outpost/%zz',
      'app://other/index.html',
      'file:///etc/passwd',
      'nonsense',
    ];
    for (const address of refused) expect([address, resolveAppFile(root, address)]).toEqual([address, null]);
  });

  it('D1 every answer carries a policy that allows scripts of the build alone', async () => {
    const page = await serveAppFile(root, new Request('app://outpost/index.html'));
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const missing = await serveAppFile(root, new Request('app://outpost/nothing.html'));
    expect(missing.status).toBe(404);
    const posted = await serveAppFile(root, new Request('app://outpost/index.html', { method: 'POST' }));
    expect(posted.status).toBe(404);
    for (const answer of [page, missing])
      expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
    const rules = new Map(
      contentSecurityPolicy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
    );
    expect(rules.get('script-src')).toEqual(["'self'"]);
    expect(rules.get('default-src')).toEqual(["'none'"]);
    expect(rules.get('connect-src')).toEqual(["'self'"]);
    for (const name of ['frame-src', 'object-src', 'base-uri', 'form-action'])
      expect(rules.get(name)).toEqual(["'none'"]);
  });
});

describe('links', () => {
  it('D13 a deep link opens a screen of the list and nothing else', () => {
    expect(parseDeepLink('outpost://deals/0190-abc')).toBe('/deals/0190-abc');
    expect(parseDeepLink('outpost://pipeline/')).toBe('/pipeline');
    const refused = [
      'outpost://',
      'outpost://settings/profile',
      'outpost://deals/../../settings',
      'outpost://deals/a/b',
      'outpost://deals/a?x=1',
      'outpost://deals/%2e%2e',
      'outpost://deals/a#b',
      'outpost://DEALS/a',
      'https://deals/a',
      `outpost://deals/${'a'.repeat(600)}`,
      'outpost://deals/<script>',
    ];
    for (const link of refused) expect([link, parseDeepLink(link)]).toEqual([link, null]);
    expect(findDeepLink(['electron', '.', '--inspect', 'outpost://contacts/c1'])).toBe('/contacts/c1');
    expect(findDeepLink(['electron', '.'])).toBeNull();
  });

  it('D3 only web and mail addresses and phone numbers are opened outside', () => {
    expect(checkExternalUrl('https://example.com/a b')).toBe('https://example.com/a%20b');
    expect(checkExternalUrl('mailto:a@example.com')).toBe('mailto:a@example.com');
    expect(checkExternalUrl('tel:+493023125842')).toBe('tel:+493023125842');
    const refused = [
      'http://example.com',
      'file:///etc/passwd',
      'smb://host/x',
      'javascript:alert(1)',
      'ms-word:x',
      '\\\\host\\share',
      'https://a:b@example.com',
      'tel:*21*0900',
      'x',
    ];
    for (const url of refused)
      expect(() => checkExternalUrl(url), url).toThrow(expect.objectContaining({ code: 'action_forbidden' }));
  });

  it('D17 a server is spoken to over https, or over http on this computer', () => {
    expect(normalizeServerUrl(' crm.example.com/ ')).toBe('https://crm.example.com');
    expect(normalizeServerUrl('HTTPS://CRM.example.com:8443/x?y')).toBe('https://crm.example.com:8443');
    expect(normalizeServerUrl('http://127.0.0.1:4310/')).toBe('http://127.0.0.1:4310');
    for (const url of ['http://crm.example.com', 'ftp://x', 'https://a:b@x.com', '', 'https://']) {
      expect(() => normalizeServerUrl(url), url).toThrow(expect.objectContaining({ code: 'invalid' }));
    }
    expect(readStartOptions(['--server-url=http://127.0.0.1:9/', '--no-tray'], {})).toMatchObject({
      serverUrl: 'http://127.0.0.1:9',
      hasEmbeddedServer: true,
      hasTray: false,
    });
  });
});

describe('switches of an installed program', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-port',
    '--Remote-Debugging-Port=0',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '-inspect',
  ])('D7 %s is recognized, wherever it stands', (given) => {
    expect(findDebugSwitch(['outpost', '--no-tray', given, 'outpost://deals/1'])).toBe(given.split('=')[0]);
  });

  it('D7 what is no such switch does not keep anybody out', () => {
    const harmless = [
      '--server-url=https://inspect.example',
      'outpost://search?q=--inspect',
      '--no-tray',
      '--inspector',
    ];
    expect(findDebugSwitch(harmless)).toBeNull();
  });
});

describe('windows', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 };
  const second = { x: 1920, y: 0, width: 1280, height: 1024 };

  it('D16 bounds of a display that is gone are brought onto one that exists', () => {
    const there = { x: 2000, y: 50, width: 1000, height: 800 };
    expect(clampToDisplays(there, [display, second])).toEqual(there);
    expect(clampToDisplays(there, [display])).toEqual({ x: 920, y: 50, width: 1000, height: 800 });
    expect(clampToDisplays({ x: -5000, y: -5000, width: 9000, height: 9000 }, [display])).toEqual(display);
    expect(clampToDisplays({ x: 0, y: 0, width: 1, height: 1 }, [{ ...display, width: 700, height: 500 }])).toEqual({
      x: 0,
      y: 0,
      width: 700,
      height: 500,
    });
  });

  it('D16 places survive a restart, and a damaged file costs nothing but the places', () => {
    const file = path.join(directory, 'windows.json');
    openWindowPlaces(file).remember('main', { bounds: display, isMaximized: true });
    expect(openWindowPlaces(file).find('main')).toEqual({ bounds: display, isMaximized: true });
    writeFileSync(file, '{"main": {"bounds": {"x": "left"}}');
    expect(openWindowPlaces(file).find('main')).toBeNull();
    writeFileSync(file, '{"main": {"bounds": {"x": "left"}}}');
    expect(openWindowPlaces(file).find('main')).toBeNull();
  });

  it('preferences survive a restart; a damaged file gives the defaults', () => {
    const file = path.join(directory, 'preferences.json');
    const usual = { theme: 'system', language: 'system', keepFilesDays: 30, keepFilesMb: 1024 };
    expect(openPreferences(file).set({ theme: 'dark' })).toEqual({ ...usual, theme: 'dark' });
    expect(openPreferences(file).get().theme).toBe('dark');
    writeFileSync(file, '{"theme": "loud"}');
    expect(openPreferences(file).get()).toEqual(usual);
    // One that an older version wrote keeps what it says.
    writeFileSync(file, '{"theme": "light", "language": "de"}');
    expect(openPreferences(file).get()).toEqual({ ...usual, theme: 'light', language: 'de' });
  });
});

describe('menus', () => {
  const done: string[] = [];
  const actions: MenuActions & { open(): void } = {
    command: (name) => void done.push(name),
    newWindow: () => void done.push('newWindow'),
    openSettings: (section) => void done.push(`settings ${section}`),
    openDoctor: () => void done.push('doctor'),
    openJobs: () => void done.push('jobs'),
    openOperations: () => void done.push('operations'),
    quit: () => void done.push('quit'),
    syncNow: () => void done.push('syncNow'),
    setWorkOffline: (isOn) => void done.push(`offline ${isOn}`),
    checkUpdates: () => void done.push('updates'),
    open: () => void done.push('open'),
  };
  const flatten = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);

  it('every item has an id of its own, in both languages, and needs a session where it must', () => {
    for (const language of ['en', 'de'] as const) {
      const state = { isAtWork: false, seesOperations: true, workOffline: false, isMac: false, isDevelopment: false };
      const items = flatten(buildMenuTemplate(shellTextOf(language), actions, state)).filter(
        (item) => item.type !== 'separator',
      );
      const ids = items.map((item) => item.id ?? '');
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).not.toContain('');
      expect(items.find((item) => item.id === 'sync.now')?.enabled).toBe(false);
      expect(items.find((item) => item.id === 'file.quit')?.enabled).not.toBe(false);
      const accelerators = items.flatMap((item) => (item.accelerator === undefined ? [] : [item.accelerator]));
      expect(new Set(accelerators).size).toBe(accelerators.length);
    }
    expect(Object.keys(shellTextOf('de'))).toEqual(Object.keys(shellTextOf('en')));
    expect([
      chooseShellLanguage('system', 'de-AT'),
      chooseShellLanguage('system', 'fr'),
      chooseShellLanguage('en', 'de'),
    ]).toEqual(['de', 'en', 'en']);
  });

  it('D15 behind the cover no item of the menu or the tray does what only its person may', () => {
    const state = { isAtWork: false, seesOperations: true, workOffline: false, isMac: false, isDevelopment: false };
    const text = shellTextOf('en');
    const before = done.length;
    const items = [...flatten(buildMenuTemplate(text, actions, state)), ...buildTrayTemplate(text, actions, state)];
    for (const item of items) if (item.enabled !== false) (item.click as (() => void) | undefined)?.();
    expect(done.slice(before)).toEqual(['newWindow', 'settings profile', 'quit', 'updates', 'open', 'quit']);
  });

  it('the tray shows and switches Work offline', () => {
    const state = { isAtWork: true, seesOperations: true, workOffline: true, isMac: false, isDevelopment: false };
    const item = buildTrayTemplate(shellTextOf('en'), actions, state).find(({ id }) => id === 'tray.workOffline');
    expect(item?.checked).toBe(true);
  });
});
