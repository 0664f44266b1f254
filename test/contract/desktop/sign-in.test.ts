// A desktop between a right password and an open profile, and one that nobody sits at.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPasskeySteps } from '#main/session/passkey-steps.ts';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient } from '#main/sync/server-client.ts';
import { openPasskeyBrowser } from '#test/support/passkey-browser.ts';
import { MOST_UNLOCK_ATTEMPTS } from '#main/session/idle-lock.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { PROOF_LIFETIME_MS } from '#server/identity/session-proof.ts';
import { codeOf, requireFactor } from '#test/support/second-factor.ts';
import {
  call,
  createManualClock,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const MINUTE_MS = 60_000;
let server: TestServer;
const clock = createManualClock();
const places: DesktopPlace[] = [];
const desktops: Desktop[] = [];

beforeAll(async () => {
  server = await startServer({ clock });
  await createOrganizationWith(server, 'doors', [
    { id: 'ada', role: 'org_admin' },
    { id: 'mara', role: 'manager' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'lena', role: 'sales_rep' },
    { id: 'vera', role: 'viewer' },
  ]);
  const admin = await signIn(server, 'ada');
  await requireFactor(server, admin, ['manager']);
  const body = { offlineLeaseDays: 14, idleLockMinutes: 5 };
  const path = '/api/v1/organization/settings';
  expect((await call(server, path, { method: 'PUT', token: admin.accessToken, body })).status).toBe(200);
}, 60_000);
afterAll(async () => {
  for (const desktop of desktops) await desktop.stop();
  for (const place of places) place.remove();
  await server.remove();
});

async function start(place = createDesktopPlace()): Promise<Desktop> {
  const desktop = await startDesktop(place);
  places.push(place);
  desktops.push(desktop);
  return desktop;
}

function enter(desktop: Desktop, id: string) {
  return desktop.session.signIn({ serverUrl: server.url, email: emailOf(id), password: testPassword });
}

const isLocked = (desktop: Desktop): boolean => {
  const state = desktop.session.state();
  return state.status === 'signedIn' && state.isLocked === true;
};

describe('what is owed after the password', () => {
  it('IDT-12 is asked for step by step, and nothing is opened before', async () => {
    const desktop = await start();
    expect(await enter(desktop, 'mara')).toMatchObject({
      status: 'challenged',
      need: 'setUpFactor',
      ways: ['totp', 'passkey'],
    });
    expect(JSON.stringify(desktop.session.state())).not.toContain('doors~');
    expect(desktop.session.active()).toBeNull();
    const totp = await desktop.session.beginTotp();
    await expect(desktop.session.answer({ kind: 'totp', code: '000000' })).rejects.toMatchObject({
      code: 'wrong_code',
    });
    expect(desktop.session.state()).toMatchObject({ status: 'challenged' });
    const code = codeOf(totp, clock.now());
    const kept = await desktop.session.answer({ kind: 'totp', code });
    expect(kept).toMatchObject({ status: 'challenged', need: 'keepCodes' });
    expect('recoveryCodes' in kept && kept.recoveryCodes).toHaveLength(10);
    expect(await desktop.session.answer({ kind: 'codesKept' })).toMatchObject({ status: 'signedIn' });
  });

  it('IDT-12 can be left, and is left when it took too long', async () => {
    const desktop = await start();
    await enter(desktop, 'mara');
    const back = { status: 'signedOut', serverUrl: server.url, email: emailOf('mara'), hasLocalData: false };
    expect(await desktop.session.dropChallenge()).toEqual(back);
    await enter(desktop, 'mara');
    clock.advance(11 * MINUTE_MS);
    const late = desktop.session.answer({ kind: 'recoveryCode', code: 'aaaa-bbbb-cccc' });
    await expect(late).rejects.toMatchObject({ code: 'challenge_over' });
    // Whoever did not ask for it reads why, and types the address once.
    expect(desktop.session.state()).toMatchObject({ ...back, reason: { code: 'challenge_over' } });
  });
});

describe('passkeys from the desktop', () => {
  it('IDT-12 are added and used in the browser of the system, and come back to the computer that began', async () => {
    const browser = await openPasskeyBrowser();
    const desktop = await start();
    const { door } = createServerClient(createExchange());
    const opened: string[] = [];
    const steps = createPasskeySteps({
      door,
      session: desktop.session,
      openExternal: async (url) => {
        opened.push(url);
        await browser.follow(url, 'Laptop');
      },
    });
    try {
      await enter(desktop, 'vera');
      const profile = desktop.session.active();
      if (profile === null) throw new Error('nobody is signed in');
      await steps.add(profile);
      expect(new URL(opened[0] ?? '').hostname).toBe('localhost');
      await browser.page.getByText('Done. Go back to Outpost').waitFor();
      const provedUntil = () =>
        profile.access.run(async (token) => (await door.readFactors(server.url, token)).provedUntil);
      clock.advance(PROOF_LIFETIME_MS);
      expect(await provedUntil()).toBeNull();
      await steps.prove(profile);
      expect(await provedUntil()).not.toBeNull();
      await desktop.session.signOut('keep');

      expect(await enter(desktop, 'vera')).toMatchObject({ status: 'challenged', ways: ['passkey', 'recoveryCode'] });
      expect(await steps.answer()).toMatchObject({ status: 'signedIn' });
      await desktop.session.signOut('keep');

      expect(await steps.enter(server.url, emailOf('vera'))).toMatchObject({ status: 'signedIn' });
      expect(isLocked(desktop)).toBe(false);
    } finally {
      await browser.close();
    }
  });

  it('IDT-12 can be given up while the browser is away', async () => {
    const desktop = await start();
    const { door } = createServerClient(createExchange());
    const steps = createPasskeySteps({
      door,
      session: desktop.session,
      openExternal: () => {
        steps.cancel();
        return Promise.resolve();
      },
    });
    await expect(steps.enter(server.url, '')).rejects.toMatchObject({ code: 'cancelled' });
    expect(desktop.session.state()).toEqual({ status: 'firstRun' });
  });
});

describe('a computer nobody sits at', () => {
  it('D15 is covered after the minutes of the organization, without a network too, and opens with the password', async () => {
    const place = createDesktopPlace();
    const desktop = await start(place);
    await enter(desktop, 'rene');
    expect(isLocked(desktop)).toBe(false);
    desktop.network.isCut = true;
    place.clocks.wallAheadMs += 5 * MINUTE_MS;
    await desktop.until(() => isLocked(desktop), 15_000);
    await expect(desktop.session.uncover('not it')).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(isLocked(desktop)).toBe(true);
    await desktop.session.uncover(testPassword);
    expect(isLocked(desktop)).toBe(false);
  });

  it('D15 stays covered over a restart, and locks at a start after a long time', async () => {
    const place = createDesktopPlace();
    const first = await start(place);
    await enter(first, 'lena');
    first.session.lock();
    await first.stop();
    const second = await start(place);
    expect(isLocked(second)).toBe(true);
    await second.session.uncover(testPassword);
    await second.stop();
    place.clocks.wallAheadMs += 6 * MINUTE_MS;
    expect(isLocked(await start(place))).toBe(true);
  });

  it('D15 locks when its clock is set back, and when only the time since its start went on', async () => {
    const place = createDesktopPlace();
    const desktop = await start(place);
    await enter(desktop, 'rene');
    place.clocks.uptimeAheadMs += 5 * MINUTE_MS;
    await desktop.until(() => isLocked(desktop), 15_000);
    await desktop.session.uncover(testPassword);
    place.clocks.wallAheadMs -= 30 * MINUTE_MS;
    await desktop.until(() => isLocked(desktop) || desktop.session.state().status === 'leaseEnded', 15_000);
  });

  it('D15 ends the session on this computer with the tenth wrong password and keeps what is unsent', async () => {
    const desktop = await start();
    await enter(desktop, 'rene');
    desktop.session.lock();
    for (let count = 0; count < MOST_UNLOCK_ATTEMPTS; count += 1)
      await expect(desktop.session.uncover('wrong')).rejects.toMatchObject({ code: 'wrong_credentials' });
    expect(desktop.session.state()).toMatchObject({ status: 'signedOut', email: emailOf('rene') });
    expect(await enter(desktop, 'rene')).toMatchObject({ status: 'signedIn', isLocked: false });
  });
});
