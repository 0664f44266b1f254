// What a run contained: nobody learns anything from a run in which nothing happened.

export interface Tally {
  pushes: number;
  pulls: number;
  operations: number;
  conflicts: number;
  refusals: number;
  merges: number;
  /** Entries of histories of deals that tell of no move. */
  historyEntries: number;
  purges: number;
  snapshots: number;
  appCrashes: number;
  hostCrashes: number;
  serverCrashes: number;
  restores: number;
  aborts: number;
  lostMessages: number;
  wipes: number;
  epochs: number;
  checks: number;
}

export function createTally(): Tally {
  return {
    pushes: 0,
    pulls: 0,
    operations: 0,
    conflicts: 0,
    refusals: 0,
    merges: 0,
    historyEntries: 0,
    purges: 0,
    snapshots: 0,
    appCrashes: 0,
    hostCrashes: 0,
    serverCrashes: 0,
    restores: 0,
    aborts: 0,
    lostMessages: 0,
    wipes: 0,
    epochs: 0,
    checks: 0,
  };
}

export function addTally(sum: Tally, part: Tally): void {
  for (const name of Object.keys(sum) as (keyof Tally)[]) sum[name] += part[name];
}

/** For people: the counts that say whether a run was worth it. */
export function describeTally(tally: Tally): string {
  const { conflicts, refusals, purges, appCrashes, hostCrashes, serverCrashes, aborts, lostMessages } = tally;
  const parts = [
    `${String(tally.operations)} operations`,
    `${String(conflicts)} conflicts`,
    `${String(refusals)} refusals`,
    `${String(tally.historyEntries)} changes of deals without a move`,
    `${String(purges)} purges`,
    `${String(tally.epochs)} changes of rights`,
    `${String(tally.wipes)} wipes`,
    `${String(appCrashes + hostCrashes)} crashes of devices`,
    `${String(serverCrashes)} of servers`,
    `${String(tally.restores)} restores of a backup`,
    `${String(aborts)} aborts`,
    `${String(lostMessages)} lost messages`,
  ];
  return parts.join(', ');
}
