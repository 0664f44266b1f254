// Watches what is on the computers: nothing saved is ever lost, nothing out of sight stays, nothing in sight is missing once
// a device is caught up, and a person always reads the own unsent work.
import type { StoredRecord } from '#renderer/data/local-record.ts';
import { projectionOf } from '#renderer/data/local-record.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Device } from '#test/sim/client/device-contract.ts';
import { inOrder, type JournalFile } from '#test/sim/client/journal-file.ts';
import type { History } from '#test/sim/oracles/history.ts';
import type { TakenBack } from '#test/sim/oracles/watch-answers.ts';
import { demand } from '#test/sim/oracles/violation.ts';
import type { Tally } from '#test/sim/world/tally.ts';

export interface DeviceWatch {
  onSaved(device: Device, operations: readonly Operation[]): void;
  /** `hasJustOpened`: the request opened the database, rather than telling of new rights. */
  onApplied(device: Device, request: HostRequest, hasJustOpened: boolean): void;
  onWiped(device: Device, journal: JournalFile): void;
  /** `before`: the books of the life of the server that is over. */
  onRestored(taken: readonly TakenBack[], devices: readonly Device[], before: History): void;
  /** At the end, when everybody has met the server. */
  watchEnd(devices: readonly Device[]): void;
}

/** Fields of one value each, whose newest unsent value must be on the screen. */
const plainGroups = new Set(['name', 'jobTitle', 'department', 'externalId', 'subject', 'estimateMinutes']);

export function createDeviceWatch(
  tally: Tally,
  historyOf: (tenantId: string) => History,
  verdicts: ReadonlyMap<string, Verdict>,
  lifeOf: (token: string) => { readonly seq: number; readonly history: History },
): DeviceWatch {
  /** What a person was told is saved, by the journal that holds it. */
  const saved = new Map<JournalFile, Operation[]>();
  /** Succeeded once, and a restored server knew nothing of it. True: it may be gone, as its record was out of sight once. */
  const undone = new Map<string, boolean>();

  /** Waiting, refused and told, given up by its author, or done: the log of what is done may be forgotten with its record. */
  function isKept(device: Device, { opId, opNo }: Operation): boolean {
    const journal = device.journalFile();
    if (journal.ops.get(opNo)?.operation.opId === opId) return true;
    if (journal.attention.has(opId) || journal.discarded.has(opId)) return true;
    const key = `${device.id()} ${opId}`;
    const verdict = verdicts.get(key);
    // The log of what succeeded is looked at in the end: it goes out again when the device meets the restored server.
    return undone.has(key) || (verdict !== undefined && !isRefusal(verdict));
  }

  function watchSaved(device: Device): void {
    const journal = device.journalFile();
    for (const operation of saved.get(journal) ?? []) {
      demand(
        isKept(device, operation),
        'SYNC-4',
        () => `${device.userId} saved ${operation.opId} (${operation.kind} ${operation.entity}), and it is nowhere`,
      );
    }
  }

  /** After the last page: what is here is what was to be seen at the head of that page, or newer. */
  function watchCaughtUp(device: Device, token: string): void {
    const { seq, history } = lifeOf(token);
    // Of a server that was restored meanwhile: the next question is answered by the one after it, and all is compared.
    if (history !== historyOf(device.tenantId)) return;
    const { userId } = device;
    const wanted = history.storeAt(userId, seq);
    const held = new Set<string>();
    for (const [coll, records] of device.databaseFile().stored) {
      for (const [id, stored] of records) {
        const rev = stored.projection === undefined ? stored.rev : stored.projection?.rev;
        if (rev === undefined) continue;
        const place = `${coll}/${id}`;
        held.add(place);
        const wasSeen = wanted.has(place) || history.wasVisible(userId, place, seq, history.head);
        demand(wasSeen, 'SYNC-24', () => `${userId} holds ${place}, out of sight since before ${String(seq)}`);
        const version = wanted.get(place) ?? history.at(place, seq);
        const isOld = version !== undefined && rev < version.record.rev;
        demand(
          !isOld,
          'SYNC-20',
          () => `${userId} is caught up at ${String(seq)} and holds ${place} as of ${String(rev)}`,
        );
      }
    }
    for (const place of wanted.keys()) {
      if (held.has(place)) continue;
      const isMissing = history.stayedVisible(userId, place, seq, history.head);
      demand(!isMissing, 'SYNC-20', () => `${userId} is caught up at ${String(seq)} without ${place}`);
    }
  }

  function watchOwnWork(device: Device): void {
    const source = device.running()?.host.source();
    if (source === null || source === undefined) return;
    const newest = new Map<string, { readonly operation: Operation; readonly value: unknown }>();
    for (const { operation, verdict } of inOrder(device.journalFile())) {
      if (verdict !== null || operation.kind !== 'patch') continue;
      for (const { group, to } of operation.changes) {
        if (plainGroups.has(group) && to !== undefined && group in to)
          newest.set(`${operation.recordId} ${group}`, { operation, value: to[group] });
      }
    }
    for (const [key, { operation, value }] of newest) {
      const group = key.slice(key.indexOf(' ') + 1);
      const view = source.get(operation.entity as never, operation.recordId);
      // A record that went out of sight stays gone, whatever is unsent on it; an operation that main has just saved is
      // shown in the same turn as soon as the host has its answer.
      if (view === undefined || !view.pending.includes(operation.opId)) continue;
      demand(
        view[group] === value,
        'SYNC-10',
        () => `${device.userId} does not read ${group} = ${String(value)} of ${operation.recordId}`,
      );
    }
  }

  /** When a view has just been opened, everything unsent is in it. */
  function watchReplay(device: Device): void {
    const source = device.running()?.host.source();
    if (source === null || source === undefined) return;
    for (const { operation } of device.journalFile().ops.values()) {
      if (operation.kind !== 'patch') continue;
      const view = source.get(operation.entity as never, operation.recordId);
      const isIn = view === undefined || view.pending.includes(operation.opId);
      demand(isIn, 'SYNC-10', () => `${device.userId} opens ${operation.recordId} without ${operation.opId}`);
    }
  }

  function watchEqual(device: Device): void {
    const history = historyOf(device.tenantId);
    const wanted = history.storeAt(device.userId, history.head);
    const held = new Map<string, StoredRecord>();
    for (const [coll, records] of device.databaseFile().stored)
      for (const [id, stored] of records) held.set(`${coll}/${id}`, stored);
    for (const place of held.keys())
      demand(wanted.has(place), 'SYNC-24', () => `${device.userId} ends with ${place}, which is out of sight`);
    for (const [place, version] of wanted) {
      const stored = held.get(place);
      demand(stored !== undefined, 'SYNC-16', () => `${device.userId} ends without ${place}`);
      if (stored === undefined) continue;
      demand(
        stored.pending.length === 0,
        'SYNC-7',
        () => `${device.userId} ends with unsent work folded into ${place}`,
      );
      const shown = projectionOf(stored);
      demand(
        isJsonEqual(shown, version.record),
        'SYNC-16',
        () =>
          `${device.userId} ends with ${place} as ${JSON.stringify(shown)} instead of ${JSON.stringify(version.record)}`,
      );
    }
  }

  function watchAnswers(device: Device): void {
    const journal = device.journalFile();
    const open = [...journal.ops.values()].filter(({ operation }) => operation.kind !== 'void');
    demand(
      open.length === 0,
      'SYNC-7',
      () => `${device.userId} ends with ${String(open.length)} operations unanswered`,
    );
    for (const operation of saved.get(journal) ?? []) {
      if (journal.discarded.has(operation.opId)) continue;
      const verdict = verdicts.get(`${device.id()} ${operation.opId}`);
      const item = journal.attention.get(operation.opId);
      if (verdict === undefined) {
        if (undone.get(`${device.id()} ${operation.opId}`) === true) continue;
        demand(item !== undefined, 'SYNC-3', () => `${operation.opId} left the journal, and no server answered it`);
        continue;
      }
      const isRefused = isRefusal(verdict);
      demand(
        isRefused === (item !== undefined),
        'SYNC-47',
        () => `${operation.opId} was ${verdict.status}, attention ${item === undefined ? 'does not hold' : 'holds'} it`,
      );
    }
  }

  /** Of what is out of sight the journal holds what was typed, and nothing of what was on the screen. */
  function watchForgetting(device: Device): void {
    const history = historyOf(device.tenantId);
    const journal = device.journalFile();
    const items = [...journal.attention.values()].map((item) => item.operation);
    const lines = [...journal.history.values()].map((line) => line.operation);
    for (const { entity, recordId, changes, kind } of [...items, ...lines]) {
      const coll = entityOf(entity)?.collection ?? '';
      if (kind !== 'patch' || !history.wasLost(device.userId, `${coll}/${recordId}`)) continue;
      const isBare = changes.every((change) => Object.keys(change.base).length === 0);
      demand(
        isBare,
        'SYNC-25',
        () => `the journal of ${device.userId} holds what was on the screen of ${coll}/${recordId}`,
      );
    }
  }

  return {
    onSaved(device, operations) {
      const journal = device.journalFile();
      const known = saved.get(journal);
      if (known === undefined) saved.set(journal, [...operations]);
      else known.push(...operations);
    },
    onApplied(device, request, hasJustOpened) {
      tally.checks += 1;
      if (request.kind === 'openProfile') {
        watchSaved(device);
        if (hasJustOpened) watchReplay(device);
      }
      const isComplete =
        (request.kind === 'applyPage' && request.caughtUp) || (request.kind === 'applyManifest' && request.isLast);
      if (isComplete) watchCaughtUp(device, request.token);
      watchOwnWork(device);
    },
    onWiped(device, journal) {
      const history = historyOf(device.tenantId);
      const { userId } = device;
      const turns = history.everyVersion(`people/${userId}`);
      demand(
        turns.some((version) => version.record['isActive'] === false || version.isDeleted),
        'SYNC-38',
        () => `${userId} was wiped and had never been deactivated`,
      );
      // Unsent work of a deactivated user is lost by policy.
      saved.delete(journal);
    },
    onRestored(taken, devices, before) {
      for (const { deviceId, operation, verdict } of taken) {
        const device = devices.find((one) => one.id() === deviceId);
        if (device === undefined || isRefusal(verdict)) continue;
        const place = `${entityOf(operation.entity)?.collection ?? ''}/${operation.recordId}`;
        const fromSeq = 'seq' in verdict ? (verdict.seq ?? before.head) : before.head;
        // Of what is out of sight nothing is remembered but that it was deleted.
        const stayed = before.stayedVisible(device.userId, place, fromSeq, before.head);
        const key = `${deviceId} ${operation.opId}`;
        undone.set(key, undone.get(key) === true || !(stayed || operation.kind === 'delete'));
      }
    },
    watchEnd(devices) {
      for (const device of devices) {
        const history = historyOf(device.tenantId);
        const { isActive } = history.rightsAt(device.userId, history.head);
        if (device.status() === 'lost') continue;
        watchSaved(device);
        if (!isActive) {
          const isGone = device.status() === 'wiped' || device.status() === 'new';
          demand(isGone, 'SYNC-38', () => `${device.userId} is deactivated and the device is ${device.status()}`);
          continue;
        }
        demand(
          device.running() !== null,
          'SYNC-7',
          () => `${device.userId} ends with a device that is ${device.status()}`,
        );
        const status = device.running()?.engine.status();
        demand(
          status?.phase === 'idle' && status.pendingCount === 0,
          'SYNC-7',
          () => `${device.userId} ends ${String(status?.phase)} with ${String(status?.pendingCount)} unsent`,
        );
        watchAnswers(device);
        watchForgetting(device);
        watchEqual(device);
      }
    },
  };
}

function isRefusal(verdict: Verdict): boolean {
  return verdict.status === 'rejected' || verdict.status === 'blocked';
}
