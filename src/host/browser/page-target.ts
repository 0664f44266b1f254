// Opens one window of the running browser and attaches to it. Headless: a new target. With a display: an app window
// (title bar only), which the second process hands to the running browser; a random word in its address finds it.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { hostState } from '../host-state.ts';
import type { Chromium } from './chromium.ts';
import type { CdpSession } from './cdp-connection.ts';

export interface PageTarget {
  readonly session: CdpSession;
  readonly targetId: string;
}

const findDeadlineMs = 15_000;

async function findTarget(chromium: Chromium, word: string): Promise<string> {
  for (let waitedMs = 0; waitedMs < findDeadlineMs; waitedMs += 25) {
    const { targetInfos } = await chromium.connection.browser.send('Target.getTargets');
    const found = (targetInfos as { targetId: string; url: string; type: string }[]).find(
      ({ url, type }) => type === 'page' && url.includes(word),
    );
    if (found !== undefined) return found.targetId;
    await delay(25);
  }
  throw new Error('Chromium did not open the window in 15 s.');
}

/** How a window is born. */
export interface WindowShape {
  readonly width: number;
  readonly height: number;
  /** False for one that nobody looks at. */
  readonly isShown: boolean;
}

/** Nothing of Chromium's own is made or drawn for a page behind another one. */
async function createTarget(chromium: Chromium, { isShown, ...size }: WindowShape): Promise<string> {
  if (hostState.isHeadless) {
    const { targetId } = await chromium.connection.browser.send('Target.createTarget', {
      url: 'about:blank',
      ...(isShown ? { newWindow: true, ...size } : { newWindow: false, background: true }),
    });
    return String(targetId);
  }
  const word = randomUUID();
  chromium.openAppWindow(`data:text/html,<title>${word}</title>`, size);
  return findTarget(chromium, word);
}

/** The window's first page must have arrived: a navigation that overtakes it would be aborted by it. */
async function waitForFirstPage(session: CdpSession): Promise<void> {
  for (let waitedMs = 0; waitedMs < findDeadlineMs; waitedMs += 10) {
    const { result } = await session.send('Runtime.evaluate', {
      expression: 'location.protocol + document.readyState',
      returnByValue: true,
    });
    if ((result as { value?: unknown }).value === 'data:complete') return;
    await delay(10);
  }
  throw new Error('Chromium did not load the window in 15 s.');
}

export async function openPageTarget(
  chromium: Chromium,
  shape: WindowShape,
  onTarget: (targetId: string) => void,
): Promise<PageTarget> {
  const targetId = await createTarget(chromium, shape);
  onTarget(targetId);
  const { sessionId } = await chromium.connection.browser.send('Target.attachToTarget', { targetId, flatten: true });
  const session = chromium.connection.createSession(String(sessionId));
  if (!hostState.isHeadless) await waitForFirstPage(session);
  return { session, targetId };
}

/** Sets the size of the page itself (headless) or of its window, and its place on the screen. */
export async function placeWindow(
  chromium: Chromium,
  targetId: string,
  bounds: Partial<Record<'x' | 'y' | 'width' | 'height', number>>,
): Promise<void> {
  const { browser } = chromium.connection;
  const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId });
  const { x: left, y: top, width, height } = bounds;
  if (hostState.isHeadless) {
    await browser.send('Browser.setContentsSize', { windowId, width, height });
    return;
  }
  await browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } });
  await browser.send('Browser.setWindowBounds', { windowId, bounds: { left, top, width, height } });
}

export async function setWindowState(
  chromium: Chromium,
  targetId: string,
  windowState: 'minimized' | 'normal' | 'maximized' | 'fullscreen',
): Promise<void> {
  const { windowId } = await chromium.connection.browser.send('Browser.getWindowForTarget', { targetId });
  await chromium.connection.browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
}
