// RxDB's own suite, as far as its package carries it, on the local storage engine: the tests for replication back ends, in
// which the storage is every client. The server is the smallest one the replication protocol can be answered by.
import '#test/renderer/storage/process-in-page.ts';
import { Subject } from 'rxjs';
import { addRxPlugin } from 'rxdb';
import type { RxCollection, RxReplicationPullStreamItem, RxStorage } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import type { RxReplicationState } from 'rxdb/plugins/replication';
import { runReplicationBaseTestSuite, setConfig } from 'rxdb/plugins/test-utils';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';

interface Human {
  readonly passportId: string;
  readonly _deleted: boolean;
}
interface Checkpoint {
  readonly number: number;
}
type State = RxReplicationState<Human, Checkpoint>;

let lastNumber = 0;
const documents = new Map<string, { readonly human: Human; readonly number: number }>();
const changed = new Subject<RxReplicationPullStreamItem<Human, Checkpoint>>();

function write(human: Human): void {
  lastNumber += 1;
  documents.set(human.passportId, { human, number: lastNumber });
  changed.next({ documents: [human], checkpoint: { number: lastNumber } });
}

function replicate(collection: RxCollection<Human>, live: boolean): State {
  return replicateRxCollection<Human, Checkpoint>({
    collection,
    replicationIdentifier: 'suite',
    live,
    push: {
      // Answers what the server has wherever it is not what the client believed.
      handler: async (rows) => {
        const conflicts: Human[] = [];
        for (const { assumedMasterState = null, newDocumentState } of rows) {
          const current = documents.get(newDocumentState.passportId)?.human ?? null;
          if (isJsonEqual(current, assumedMasterState)) write(newDocumentState);
          else if (current !== null) conflicts.push(current);
        }
        return conflicts;
      },
    },
    pull: {
      stream$: changed.asObservable(),
      handler: async (checkpoint, batchSize) => {
        const newer = [...documents.values()]
          .filter(({ number }) => number > (checkpoint?.number ?? 0))
          .toSorted((a, b) => a.number - b.number)
          .slice(0, batchSize);
        const number = newer.at(-1)?.number ?? checkpoint?.number ?? 0;
        return { documents: newer.map(({ human }) => human), checkpoint: { number } };
      },
    },
  });
}

const tests: [name: string, run: () => Promise<unknown>][] = [];
Object.assign(globalThis, {
  describe: (_name: string, work: () => void) => work(),
  it: (name: string, run: () => Promise<unknown>) => tests.push([name, run]),
});

// The suite is made for the mode in which RxDB checks everything.
disableWarnings();
addRxPlugin(RxDBDevModePlugin);
const checked = (): RxStorage<unknown, unknown> => wrappedValidateAjvStorage({ storage: getSegmentStorage() });

setConfig({
  storage: {
    name: 'segments',
    getStorage: checked,
    getPerformanceStorage: () => ({ storage: checked(), description: 'segments' }),
    hasPersistence: true,
    hasMultiInstance: false,
    hasAttachments: false,
    hasReplication: true,
  },
});
runReplicationBaseTestSuite({
  startReplication: (collection) => replicate(collection as RxCollection<Human>, true),
  syncOnce: async (collection) => {
    const state = replicate(collection as RxCollection<Human>, false);
    await state.awaitInitialReplication();
    await state.cancel();
  },
  getAllServerDocs: async () => [...documents.values()].map(({ human }) => human),
  cleanUpServer: async () => documents.clear(),
  softDeletes: true,
  isDeleted: (human: Human) => human._deleted,
  getPrimaryOfServerDoc: (human: Human) => human.passportId,
});

export const cases: Record<string, () => Promise<unknown>> = Object.fromEntries(tests);
