// What an installation does for its organizations by itself: ends accesses of support staff at their time, tells of those nobody was asked about, and writes down once a
// day what each organization uses.
import { noteUsage } from '#server/platform/usage.ts';
import { readDirectory, type PlatformContext } from '#server/platform/platform-context.ts';
import type { SupportTelling } from '#server/platform/tell-of-support.ts';
import { endWhatIsOver } from '#server/platform/support-access.ts';

/** At their instant they are refused anyway; this is how long their user may still look switched on. */
const LOOK_MS = 20_000;
const DAY_MS = 86_400_000;

export interface PlatformRounds {
  /** Looks now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export function startPlatform(
  context: PlatformContext,
  telling: Pick<SupportTelling, 'look'>,
  onError: (error: unknown) => void,
): PlatformRounds {
  const { database, clock } = context;
  let isStopped = false;
  let notedDay = -1;
  let running: Promise<void> = Promise.resolve();

  async function goRound(): Promise<void> {
    if (isStopped) return;
    await endWhatIsOver(context);
    await telling.look();
    const day = Math.floor(clock.now() / DAY_MS);
    if (day === notedDay) return;
    for (const { tenant } of await readDirectory(database))
      if (!isStopped) await noteUsage(database, tenant, clock.now());
    notedDay = day;
  }
  const look = (): Promise<void> => {
    running = running.then(goRound).catch(onError);
    return running;
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return {
    look,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
