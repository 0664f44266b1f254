// A browser with an authenticator of its own, as Chromium plays one, and the place on this computer it comes back to.
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright';
import { findChromium } from '#test/support/run-in-chromium.ts';
import type { BrowserBack } from '#shared/sync/sign-in-messages.ts';

export interface PasskeyBrowser {
  readonly page: Page;
  /** Opens the page of a passkey and does what it asks; settles when the browser has gone on, or the page says no. */
  follow(url: string, name?: string): Promise<void>;
  /** What the page says is wrong. */
  problem(): Promise<string>;
  close(): Promise<void>;
}

export async function openPasskeyBrowser(): Promise<PasskeyBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: findChromium() });
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    page,
    async follow(url, name) {
      await page.goto('about:blank');
      await page.goto(url);
      const go = page.getByRole('button', { name: 'Go on' });
      await go.or(page.locator('#problem:not(:empty)')).first().waitFor();
      if (!(await go.isVisible())) return;
      // Only a new one has a name.
      const naming = page.getByRole('textbox', { name: 'Name' });
      if (name !== undefined && (await naming.isVisible())) await naming.fill(name);
      await go.click();
      await page.waitForFunction(
        () =>
          location.pathname !== '/passkey' ||
          (document.getElementById('problem')?.textContent ?? '') !== '' ||
          document.getElementById('done')?.hidden === false,
      );
    },
    problem: async () => (await page.locator('#problem').textContent()) ?? '',
    close: () => browser.close(),
  };
}

export interface Loopback {
  readonly back: BrowserBack;
  /** Codes that came back, in order. */
  readonly codes: readonly string[];
  stop(): void;
}

export async function startLoopback(): Promise<Loopback> {
  const codes: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/secret-of-this-computer') codes.push(searchParams.get('code') ?? '');
    response.end('back');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { back: { port, secret: 'secret-of-this-computer' }, codes, stop: () => server.close() };
}
