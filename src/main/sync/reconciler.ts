// The main process' part of a changed scope: purge before anything is asked for, comparison with the manifest page by
// page, and the journal kept to what the user typed. Begun sweeps of the journal are on the disk before the data host
// removes anything, so that a crash in between leaves nothing behind.
import { entityOf } from '#shared/entities/registry.ts';
import type { HostPosition, ManifestFindings, PlacesOfCollection } from '#shared/ipc/host-request.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  MOST_BODIES,
  type ManifestResponse,
  type PullItem,
  type PullResponse,
  type ScopeDrop,
} from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION } from '#shared/sync/operation.ts';
import { isEmptyDrop } from '#shared/sync/scope-drop.ts';
import type { RecordPlace } from '#main/journal/forget.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

/** Records in a page of the manifest. */
const PAGE_RECORDS = 5_000;

/** What is to be applied after a page of the manifest was compared. */
export interface ManifestStep {
  readonly items: readonly PullItem[];
  readonly token: string;
  readonly isLast: boolean;
  readonly epoch: number;
  readonly progress: PullResponse['progress'];
  /** Something waits in the journal: what the server had lost of what it acknowledged, maybe. */
  readonly hasMoreToSend: boolean;
  readonly serverTime: string;
}

/** Everything that differs, as `missing`, `different` or `surplus` with the place. */
export interface Look {
  /** Records the manifest names. */
  readonly records: number;
  readonly findings: ReadonlySet<string>;
}

export interface Reconciler {
  position(): Promise<HostPosition>;
  purge(profile: ActiveProfile, drop: ScopeDrop): Promise<void>;
  /** Compares the page after a place and brings the bodies that differ. */
  nextStep(profile: ActiveProfile, cursor: string | null, signal: AbortSignal): Promise<ManifestStep>;
  /** `after`: where the data host stood when the step was asked for. */
  apply(profile: ActiveProfile, step: ManifestStep, after: string | null): Promise<void>;
  /** A server that knows less than it answered was restored: what it lost is sent again. True: something waits. */
  sendAgain(profile: ActiveProfile, lastOpNo: number): Promise<boolean>;
  /**
   * Before a page is applied: what it takes out of sight is forgotten. A data host that begins anew no longer knows
   * what it held, so that everything the journal mentions is asked about when it holds all there is.
   */
  forgetRemoved(profile: ActiveProfile, page: PullResponse): Promise<void>;
  /** Ends a sweep that was begun: only when the device has caught up is what is not held out of sight for certain. */
  endSweep(profile: ActiveProfile): Promise<void>;
  /**
   * The part of a begun sweep that waits for nothing. The local database may have lost its newest writes with the power, so
   * that an own record that is not held may only not be here yet: what was sent of it is kept for a server that is
   * restored, without what was on the screen.
   */
  beginSweep(profile: ActiveProfile): Promise<void>;
  /** Compares everything and changes nothing. */
  look(profile: ActiveProfile): Promise<Look>;
}

type Client = Pick<ServerClient, 'manifest' | 'bodies'>;

export function createReconciler(client: Client, host: HostLink): Reconciler {
  async function fetchPage(
    profile: ActiveProfile,
    cursor: string | null,
    signal?: AbortSignal,
  ): Promise<ManifestResponse> {
    const { account, access } = profile;
    const body = { protocol: PROTOCOL_VERSION, cursor, wantItems: PAGE_RECORDS };
    const page = await access.run((token) => client.manifest(account.serverUrl, token, body, signal));
    // The same place again would be asked for without an end, and without a place to go on the first page would be.
    if (page.cursor === null ? page.token === null : page.cursor === cursor)
      throw new OutpostError('wrong_answer', 'The server sent a page that leads nowhere.');
    return page;
  }

  async function fetchBodies(
    { account, access }: ActiveProfile,
    epoch: number,
    wanted: readonly PlacesOfCollection[],
    signal: AbortSignal,
  ): Promise<readonly PullItem[]> {
    const items: PullItem[] = [];
    for (const places of inBatches(wanted)) {
      const body = { protocol: PROTOCOL_VERSION, epoch, places };
      const answer = await access.run((token) => client.bodies(account.serverUrl, token, body, signal));
      items.push(...answer.items);
    }
    return items;
  }

  async function compare(page: ManifestResponse, onlyLook: boolean): Promise<ManifestFindings> {
    const { ranges, key } = page;
    return (await host.request({ kind: 'compareManifest', ranges, key, onlyLook })) as ManifestFindings;
  }

  async function forget(
    { journal }: ActiveProfile,
    places: readonly RecordPlace[],
    lines: 'drop' | 'strip' = 'drop',
  ): Promise<void> {
    if (journal.sweep.forget(places, lines)) await host.request({ kind: 'reloadPending' });
  }

  async function beginSweep(profile: ActiveProfile): Promise<void> {
    const { sweep } = profile.journal;
    if (!sweep.isDue()) return;
    const absent = await host.request({ kind: 'findAbsent', places: sweep.mentioned() });
    if (absent !== null) await forget(profile, absent as readonly RecordPlace[], 'strip');
  }

  async function endSweep(profile: ActiveProfile): Promise<void> {
    const { sweep } = profile.journal;
    if (!sweep.isDue()) return;
    const absent = await host.request({ kind: 'findAbsent', places: sweep.mentioned() });
    // Nobody can tell yet: what is held is not complete. It is asked again at the end of the comparison.
    if (absent === null) return;
    await forget(profile, absent as readonly RecordPlace[]);
    if (!sweep.isUndecided()) sweep.setDue(false);
  }

  /**
   * Whatever waits is told, not only what was just found: a try before this one may not have got to its end, and the data
   * host may have been away, or short of space, when it was to hear of it.
   */
  async function sendAgain({ journal }: ActiveProfile, lastOpNo: number): Promise<boolean> {
    journal.sweep.resendAfter(lastOpNo);
    if (journal.counts().pending > 0) await host.request({ kind: 'reloadPending' });
    return journal.nextBatch(1).length > 0;
  }

  return {
    sendAgain,
    position: async () => (await host.request({ kind: 'readPosition' })) as HostPosition,
    async purge(profile, drop) {
      if (isEmptyDrop(drop)) return;
      const { sweep } = profile.journal;
      sweep.setDue(true);
      await host.request({ kind: 'purge', drop });
      if (sweep.forgetFields(drop.fields)) await host.request({ kind: 'reloadPending' });
      await beginSweep(profile);
    },
    async nextStep(profile, cursor, signal) {
      const page = await fetchPage(profile, cursor, signal);
      const hasMoreToSend = cursor === null && (await sendAgain(profile, page.lastOpNo));
      profile.journal.sweep.setDue(true);
      const { missing, different } = await compare(page, false);
      const items = await fetchBodies(profile, page.epoch, [...missing, ...different], signal);
      const isLast = page.cursor === null;
      return {
        items,
        token: page.cursor ?? page.token ?? '',
        isLast,
        epoch: page.epoch,
        progress: page.progress,
        hasMoreToSend,
        serverTime: page.serverTime,
      };
    },
    async apply(profile, { items, token, isLast, epoch }, after) {
      await host.request({ kind: 'applyManifest', after, items, token, isLast, epoch });
      // Pages of the manifest are older than their last one: what was made meanwhile comes with the log.
      if (isLast) await beginSweep(profile);
    },
    async forgetRemoved(profile, { items, snapshotStart }) {
      if (snapshotStart === true) profile.journal.sweep.setDue(true);
      const removed = new Set(items.flatMap((item) => (item.t === 'remove' ? [`${item.coll}/${item.id}`] : [])));
      if (removed.size === 0) return;
      // What is gone may have been made here, and its answer may still be on its way: it is asked about when that is there.
      if (profile.journal.sweep.isUndecided()) profile.journal.sweep.setDue(true);
      const places = profile.journal.sweep
        .mentioned()
        .filter(({ entity, recordId }) => removed.has(`${entityOf(entity)?.collection ?? ''}/${recordId}`));
      await forget(profile, places);
    },
    endSweep,
    beginSweep,
    async look(profile) {
      const findings = new Set<string>();
      let records = 0;
      let cursor: string | null = null;
      do {
        const page: ManifestResponse = await fetchPage(profile, cursor);
        const found = await compare(page, true);
        records += page.ranges.reduce((sum, { ids }) => sum + ids.length, 0);
        for (const kind of ['missing', 'different', 'surplus'] as const) {
          for (const { coll, ids } of found[kind]) for (const id of ids) findings.add(`${kind} ${coll}/${id}`);
        }
        cursor = page.cursor;
      } while (cursor !== null);
      return { records, findings };
    },
  };
}

/** As few requests as the limit allows. */
function inBatches(wanted: readonly PlacesOfCollection[]): { coll: string; ids: string[] }[][] {
  const batches: { coll: string; ids: string[] }[][] = [];
  let left = 0;
  for (const { coll, ids } of wanted) {
    for (let from = 0; from < ids.length;) {
      if (left === 0) {
        batches.push([]);
        left = MOST_BODIES;
      }
      const part = ids.slice(from, from + left);
      batches.at(-1)?.push({ coll, ids: part });
      from += part.length;
      left -= part.length;
    }
  }
  return batches;
}
