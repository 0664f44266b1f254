import { checkDecided, checkMerged, checkRefused, checkSameOnBoth, decideConflicts } from './check-outcome.ts';
import { playManager } from './play-manager.ts';
import { checkDayIsHere, chooseDeals, playOfflineDay } from './play-offline-day.ts';
import type { DemoReport, Photographer } from './report.ts';
import { photographInGerman, photographScreens } from './take-pictures.ts';
import type { Device } from '#test/support/device.ts';
import { setWorkOffline, waitForChip } from '#test/support/drive-screens.ts';

export interface DemoParts {
  readonly rep: Device;
  readonly manager: Device;
  readonly url: string;
  readonly report: DemoReport;
  readonly photograph: Photographer;
}

async function signInBoth({ rep, manager, url, report, photograph }: DemoParts): Promise<void> {
  const people = await report.step('first device starts, enters the demo company as sales representative', async () => {
    await rep.start();
    await rep.page.getByText('Try the demo company').waitFor();
    await photograph(rep.page, 'welcome');
    return rep.enterDemo('sales_rep');
  });
  const credentials = people.get('manager');
  if (credentials === undefined) throw new Error('the demo company has no manager');
  await report.step('second device starts, connects to the server as manager', async () => {
    await manager.start();
    await manager.signIn(url, credentials);
  });
  await report.step('both devices hold their part of the company', async () => {
    await rep.waitUntilExchanged();
    await manager.waitUntilExchanged();
  });
}

/** The whole story, from two empty computers to two that agree. */
export async function playDemo(parts: DemoParts): Promise<void> {
  const { rep, manager, report, photograph } = parts;
  await signInBoth(parts);
  await photographScreens(rep, photograph);
  const deals = await chooseDeals(rep);
  await report.step('rep works offline', () => setWorkOffline(rep.page, true));
  const day = await playOfflineDay(rep, deals, report, photograph);
  const { pendingCount } = await rep.status();
  report.count('operations saved offline', pendingCount);
  await checkDayIsHere(rep, day, report);
  await report.step('rep quits and starts again, still offline', async () => {
    await rep.quit();
    await rep.start();
    await waitForChip(rep, /Offline/);
  });
  report.expect('operations after the restart', (await rep.status()).pendingCount, pendingCount);
  await report.step('everything is still there', () => checkDayIsHere(rep, day, report));
  const colleagueId = await playManager(manager, day, report);
  await report.step('rep goes online', async () => {
    await setWorkOffline(rep.page, false);
    await rep.waitUntilExchanged();
    await manager.waitUntilExchanged();
  });
  await checkMerged([rep, manager], day, report);
  await report.step('rep decides two conflicts', () => decideConflicts(rep, day, report, photograph));
  await report.step('the change of the deal given away is refused in plain words', () =>
    checkRefused(rep, day, report),
  );
  await report.step('both devices agree in the end', async () => {
    await rep.waitUntilExchanged();
    await manager.waitUntilExchanged();
    await checkDecided(rep, manager, day, colleagueId, report);
    await checkSameOnBoth(rep, manager, day, report);
  });
  await photographInGerman(rep, photograph);
}
