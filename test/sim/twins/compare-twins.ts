// SYNC-23: two worlds that differ only in what somebody may not see answer that person with the same bytes. With one
// hidden commit for every hidden commit of the other world everything is compared as it is, numbers and times included.
// With more of them in one world only the numbers of the order differ, which every writer of an organization moves.
import type { Actor } from '#shared/access/actor.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { isConcerned, watchedKeysOf, type Touched } from '#server/live/watched-keys.ts';
import { createPositionSealer } from '#server/sync/token.ts';
import { createModelStore } from '#test/sim/server/model-store.ts';
import { plainSealer } from '#test/sim/server/plain-sealer.ts';
import { playTwin, type TwinDeps } from '#test/sim/twins/play-twin.ts';
import { noDefect, type Defect } from '#test/sim/zoo/defect.ts';
import { STARTED_AT_MS } from '#test/support/sync-world.ts';

export interface Difference {
  readonly seed: number;
  readonly index: number;
  readonly left: string;
  readonly right: string;
}

type TwinScript = Pick<TwinDeps, 'seed' | 'hiddenSeed' | 'hiddenWork'>;

const sealing = createPositionSealer(new Uint8Array(32).fill(9));

/** Plays one world on the model of the store. */
export function playTwinOnModel(script: TwinScript, defect: Defect = noDefect): Promise<readonly string[]> {
  const tenantId = 'twin' as TenantId;
  let commits: Touched[] = [];
  // As they are, positions can be compared; sealed, they hide how far the order has come.
  const model = createModelStore(script.hiddenWork === 'one' ? plainSealer : sealing, ({ rows }) => {
    if (rows !== null) commits.push({ keys: rows.touchedKeys, edits: rows.edits });
  });
  model.createTenant(tenantId, STARTED_AT_MS);
  const plain = model.openFor({ before: () => null, isAlive: () => true });
  return playTwin({
    ...script,
    tenantId,
    storeFor: (userId, deviceId) =>
      defect.store?.(plain, { tenants: model.tenants, caller: { tenantId, userId, deviceId } }) ?? plain,
    takePokes(actor: Actor) {
      const watched = watchedKeysOf(actor);
      const heard = commits.filter((touched) => isConcerned(watched, touched));
      commits = [];
      return heard.map(() => 'poke');
    },
  });
}

function replaceWithin(answer: string, replace: (key: string, value: unknown) => unknown): string {
  return answer.startsWith('{') ? JSON.stringify(JSON.parse(answer), replace) : answer;
}

/** Sealed positions, and fingerprints under the key of one installation: only their sizes can be compared. */
export function withoutSecrets(answer: string): string {
  return replaceWithin(answer, (key, value) =>
    ['token', 'cursor', 'key', 'prints'].includes(key) && typeof value === 'string' ? value.length : value,
  );
}

/** Takes out what the number of commits moves. */
export function withoutNumbers(answer: string): string {
  return replaceWithin(withoutSecrets(answer), (key, value) => (key === 'rev' || key === 'seq' ? null : value));
}

function findDifference(
  seed: number,
  [left, right]: readonly [readonly string[], readonly string[]],
): Difference | null {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    if (left[index] !== right[index])
      return { seed, index, left: left[index] ?? 'nothing', right: right[index] ?? 'nothing' };
  }
  return null;
}

/** The first difference between the twins of a seed; null: the spectator cannot tell them apart. */
export async function compareTwins(
  seed: number,
  hiddenWork: TwinDeps['hiddenWork'],
  play: (script: TwinScript) => Promise<readonly string[]> = playTwinOnModel,
  normal: (answer: string) => string = hiddenWork === 'one' ? (answer) => answer : withoutNumbers,
): Promise<Difference | null> {
  const left = await play({ seed, hiddenSeed: seed * 2 + 1, hiddenWork });
  const right = await play({ seed, hiddenSeed: seed * 2 + 2, hiddenWork });
  return findDifference(seed, [left.map(normal), right.map(normal)]);
}
