// A CPU profile as a person reads it: how busy the thread was, and which functions that were. Paths of the machine are cut to
// what names the place within the program.
import type { Profiler } from 'node:inspector';
import type { ServerProfile } from '#shared/sync/profile-messages.ts';

const MOST_FUNCTIONS = 30;
/** What the sampler names when no function runs. */
const IDLE: ReadonlySet<string> = new Set(['(idle)', '(root)']);
/** The measuring itself. */
const MEASURING = 'node:inspector';
const COLLECTOR = '(garbage collector)';

/** The last parts of an address: `sync/push.ts`, `node:zlib`, `pg/lib/client.js`. */
export function placeOf(url: string): string {
  if (!url.includes('/')) return url;
  const parts = url.replace(/[?#].*$/, '').split(/[/\\]/);
  const home = parts.lastIndexOf('node_modules');
  return (home === -1 ? parts.slice(-2) : parts.slice(home + 1)).join('/');
}

/** The same profile without the folders of the machine. */
export function withoutFolders(profile: Profiler.Profile): Profiler.Profile {
  const nodes = profile.nodes.map((node) => ({
    ...node,
    callFrame: { ...node.callFrame, url: placeOf(node.callFrame.url) },
  }));
  return { ...profile, nodes };
}

export function summarizeProfile(profile: Profiler.Profile): Pick<ServerProfile, 'busy' | 'collecting' | 'functions'> {
  const ownUs = new Map<number, number>();
  const deltas = profile.timeDeltas ?? [];
  for (const [index, id] of (profile.samples ?? []).entries())
    ownUs.set(id, (ownUs.get(id) ?? 0) + Math.max(0, deltas[index] ?? 0));
  let [allUs, idleUs, collectingUs] = [0, 0, 0];
  const found = new Map<string, { readonly name: string; readonly place: string; us: number }>();
  for (const { id, callFrame } of profile.nodes) {
    const us = ownUs.get(id) ?? 0;
    const { functionName, url, lineNumber } = callFrame;
    if (us === 0 || url === MEASURING) continue;
    allUs += us;
    if (IDLE.has(functionName)) {
      idleUs += us;
      continue;
    }
    if (functionName === COLLECTOR) collectingUs += us;
    const place = url === '' ? '' : `${placeOf(url)}:${String(lineNumber + 1)}`;
    const key = `${functionName} ${place}`;
    const known = found.get(key) ?? { name: functionName === '' ? '(anonymous)' : functionName, place, us: 0 };
    known.us += us;
    found.set(key, known);
  }
  const shareOf = (us: number): number => (allUs === 0 ? 0 : Math.min(1, us / allUs));
  const functions = [...found.values()]
    .sort((one, other) => other.us - one.us)
    .slice(0, MOST_FUNCTIONS)
    .map(({ name, place, us }) => ({ name, place, selfMs: us / 1000, share: shareOf(us) }));
  return { busy: shareOf(allUs - idleUs), collecting: shareOf(collectingUs), functions };
}
