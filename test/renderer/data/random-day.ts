// A small world from one seed: a server that is the only order, one device that types, pulls, pushes, loses answers and
// restarts. After every step the device must show the server's last told projection with its unsent operations on top.
import { entities } from '#shared/entities/registry.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { foldOperations } from '#shared/sync/fold.ts';
import { mergeOperation } from '#shared/sync/merge.ts';
import type { PullItem, Verdict } from '#shared/sync/messages.ts';
import {
  actor,
  applied,
  applyPage,
  checkSame,
  createFakeJournal,
  execute,
  makeRecord,
  newProfileId,
  openProfile,
  openService,
  rejected,
  rowsNow,
  tokenOf,
} from '#test/renderer/data/data-fixture.ts';

const STEPS = 60;

interface Change {
  readonly seq: number;
  readonly id: string;
}

/** Keeps records in order of change, as the real one does, and hides those whose name begins with `secret`. */
function createSmallServer() {
  const records = new Map<string, AnyRecord>();
  const log: Change[] = [];
  let seq = 0;
  const isVisible = (record: AnyRecord | undefined): record is AnyRecord =>
    record !== undefined && !String(record['name']).startsWith('secret');
  function write(id: string, record: AnyRecord | null): AnyRecord | null {
    seq += 1;
    log.push({ seq, id });
    if (record === null) records.delete(id);
    else records.set(id, { ...record, rev: seq });
    return records.get(id) ?? null;
  }
  return {
    records,
    isVisible,
    write,
    head: () => seq,
    project: (id: string): AnyRecord | null => {
      const record = records.get(id);
      return isVisible(record) ? record : null;
    },
    /** Whole states of everything that changed after a position. */
    itemsAfter(position: number): PullItem[] {
      const ids = new Set(log.filter((change) => change.seq > position).map((change) => change.id));
      return [...ids].map((id) => {
        const record = records.get(id);
        return isVisible(record) ? { t: 'put', coll: 'accounts', record } : { t: 'remove', coll: 'accounts', id };
      });
    },
  };
}

export async function runRandomDay(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const server = createSmallServer();
  const journal = createFakeJournal();
  const profileId = newProfileId();
  let service = openService(journal, undefined, seed);
  await openProfile(service, profileId);
  /** What the device was last told, by record. */
  let told = new Map<string, AnyRecord>();
  const newName = (): string => `${random.pick(['x', 'y', 'secret'])}${String(random.integer(0, 99))}`;

  function push(): Verdict[] {
    return journal.operations.splice(0, random.integer(1, 3)).map((operation) => {
      const current = server.records.get(operation.recordId) ?? null;
      const isRefused = random.chance(0.25) || (operation.kind !== 'create' && !server.isVisible(current ?? undefined));
      const merged = isRefused ? null : mergeOperation(entities.account, current, operation);
      if (merged?.kind === 'merged')
        server.write(operation.recordId, merged.effect === 'delete' ? null : merged.record);
      const record = server.project(operation.recordId);
      note(operation.recordId, record);
      return merged === null || merged.kind === 'rejected' ? rejected(operation, record) : applied(operation, record);
    });
  }

  function note(id: string, record: AnyRecord | null): void {
    if (record === null) told.delete(id);
    else if (record.rev >= (told.get(id)?.rev ?? 0)) told.set(id, record);
  }

  async function pull(): Promise<void> {
    const token = await tokenOf(service);
    const isSnapshot = token === null || random.chance(0.15);
    const items = server.itemsAfter(isSnapshot ? 0 : Number(token)).filter((item) => !isSnapshot || item.t === 'put');
    if (isSnapshot) told = new Map();
    for (const item of items) {
      if (item.t === 'put') note(String(item.record['id']), item.record as AnyRecord);
      else note(item.id, null);
    }
    await applyPage(service, items, { token: String(server.head()), snapshotStart: isSnapshot });
    if (random.chance(0.3)) await applyPage(service, items, { token: String(server.head()) });
  }

  async function type(): Promise<void> {
    const rows = rowsNow(service, 'account');
    if (rows.length === 0 || random.chance(0.3)) {
      await execute(service, 'createRecord', {
        entity: 'account',
        values: { name: `mine${String(random.integer(0, 99))}` },
      });
      return;
    }
    const { id } = random.pick(rows);
    if (random.chance(0.15)) await execute(service, 'deleteRecord', { entity: 'account', id });
    else
      await execute(service, 'updateRecord', {
        entity: 'account',
        id,
        values: { [random.pick(['name', 'billingCity'])]: `v${String(random.integer(0, 99))}` },
      });
  }

  function expected(): string[] {
    const ids = new Set([...told.keys(), ...journal.operations.map((operation) => operation.recordId)]);
    const views = [...ids].flatMap((id) => {
      const own = journal.operations.filter((operation) => operation.recordId === id);
      return foldOperations(entities.account, told.get(id) ?? null, own, actor.userId) ?? [];
    });
    return views.map(describe).sort();
  }
  const describe = (record: AnyRecord): string =>
    [record.id, record.rev, record['name'], record['billingCity'] ?? ''].join('|');

  for (let step = 0; step < STEPS; step += 1) {
    const choice = random.unit();
    if (choice < 0.4) await type();
    else if (choice < 0.55) {
      const id =
        random.chance(0.3) && told.size > 0 ? random.pick([...told.keys()]) : `s${String(random.integer(0, 9))}`;
      server.write(id, random.chance(0.2) ? null : makeRecord('account', id, 0, { name: newName() }));
    } else if (choice < 0.75) await pull();
    else if (choice < 0.93) {
      await service.handle({ kind: 'applyVerdicts', verdicts: push() });
    } else {
      await service.handle({ kind: 'closeProfile' });
      service = openService(journal, undefined, seed * 1000 + step);
      await openProfile(service, profileId);
    }
    checkSame(
      rowsNow(service, 'account').map(describe).sort(),
      expected(),
      `seed ${String(seed)}, step ${String(step)}`,
    );
  }
  while (journal.operations.length > 0) await service.handle({ kind: 'applyVerdicts', verdicts: push() });
  await pull();
  const all = [...server.records.values()].filter((record) => server.isVisible(record));
  checkSame(
    rowsNow(service, 'account').map(describe).sort(),
    all.map(describe).sort(),
    `seed ${String(seed)}, caught up`,
  );
  await service.handle({ kind: 'wipe', profileId });
}
