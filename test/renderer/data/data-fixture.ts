// A data host without its window: the real database and storage of the browser, and in place of the bridge a journal
// that numbers operations and can be looked at.
import type { ImportStep, ImportToKeep } from '#shared/import/import-steps.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import { createDataService, type DataService } from '#renderer/data/data-service.ts';
import type { DataRequests, LiveName, LiveQueries } from '#renderer/data/data-contract.ts';
import type { LocalStorage } from '#renderer/data/profile-session.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import type { Actor } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { HostPosition } from '#shared/ipc/host-request.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { PullItem, Verdict } from '#shared/sync/messages.ts';
import type { Operation, OperationDraft } from '#shared/sync/operation.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';

export const nowMs = Date.UTC(2026, 10, 21, 9, 0, 0);

export const actor: Actor = {
  tenantId: 'tenant',
  userId: 'user-1',
  name: 'Ada Adler',
  email: 'ada@example.test',
  role: 'org_admin',
  teamIds: ['team-1'],
  permissions: permissionsOf('org_admin'),
  epoch: 1,
};

export interface FakeJournal {
  readonly operations: Operation[];
  append(drafts: readonly OperationDraft[]): Promise<readonly Operation[]>;
  pending(): Promise<readonly Operation[]>;
}

export function createFakeJournal(): FakeJournal {
  const operations: Operation[] = [];
  let opNo = 0;
  return {
    operations,
    append(drafts) {
      const numbered = drafts.map((draft): Operation => {
        opNo += 1;
        return { ...draft, opNo };
      });
      operations.push(...numbered);
      return Promise.resolve(numbered);
    },
    pending: () => Promise.resolve([...operations]),
  };
}

/** `keep`: in place of the job that goes on with an import until it is over. */
export function openService(
  journal: FakeJournal,
  storage: LocalStorage = getSegmentStorage(),
  seed = 1,
  keep?: (work: ImportToKeep) => void,
  onRebuilt?: () => void,
): DataService {
  const clock = { now: () => nowMs };
  /** As the job of the main process does it. */
  async function runImport({ importId, rows }: ImportToKeep): Promise<void> {
    let given: string | null = null;
    for (
      let step: ImportStep = { is: 'needsRows' };
      step.is !== 'over';
      given = step.is === 'needsRows' ? rows : null
    ) {
      try {
        step = (await service.handle({ kind: 'continueImport', importId, rows: given })) as ImportStep;
      } catch (error) {
        await service.handle({ kind: 'stopImport', importId, failure: toErrorData(error) });
        return;
      }
    }
  }
  const service = createDataService({
    keepImport(work) {
      if (keep === undefined) void runImport(work);
      else keep(work);
      return Promise.resolve();
    },
    openStorage: () => Promise.resolve(storage),
    journal,
    clock,
    createId: createIdFactory(clock, createSeededRandom(seed)),
    sinceStartMs: () => performance.now(),
    today: () => '2026-11-21',
    zone: createTimeZone('UTC'),
    after: (delayMs, task) => {
      setTimeout(task, delayMs);
    },
    ...(onRebuilt === undefined ? {} : { onRebuilt }),
  });
  return service;
}

let profileNumber = 0;
export function newProfileId(): string {
  profileNumber += 1;
  return `profile-${String(Date.now())}-${String(profileNumber)}`;
}

export async function openProfile(service: DataService, profileId: string): Promise<void> {
  await service.handle({ kind: 'openProfile', profileId, actor });
}

export function makeRecord(
  kind: EntityName,
  id: string,
  rev: number,
  values: Readonly<Record<string, unknown>>,
): AnyRecord {
  const at = new Date(nowMs).toISOString();
  const envelope = {
    createdAt: at,
    createdBy: 'user-1',
    updatedAt: at,
    updatedBy: 'user-1',
    ownerId: 'user-1',
    teamId: 'team-1',
  };
  return { ...envelope, id, kind, rev, ...values };
}

export function putOf(record: AnyRecord): PullItem {
  return { t: 'put', coll: '', record };
}

export async function applyPage(
  service: DataService,
  items: readonly PullItem[],
  options: { token?: string; snapshotStart?: boolean; caughtUp?: boolean } = {},
): Promise<void> {
  const { token = 'token', snapshotStart = false, caughtUp = true } = options;
  const after = await tokenOf(service);
  await service.handle({ kind: 'applyPage', after, items, token, snapshotStart, caughtUp });
}

export async function positionOf(service: DataService): Promise<HostPosition> {
  return (await service.handle({ kind: 'readPosition' })) as HostPosition;
}

export async function tokenOf(service: DataService): Promise<string | null> {
  return (await positionOf(service)).token;
}

export function applied(operation: Operation, record: AnyRecord | null): Verdict {
  return { opId: operation.opId, opNo: operation.opNo, status: 'applied', seq: 1, record, conflicts: [] };
}

export function rejected(operation: Operation, record: AnyRecord | null): Verdict {
  return {
    opId: operation.opId,
    opNo: operation.opNo,
    status: 'rejected',
    code: 'invalid',
    message: 'no',
    groups: [],
    problems: [],
    record,
  };
}

/** Everything a live question has answered so far; the array grows. */
export function collectAnswers<Name extends LiveName>(
  service: DataService,
  name: Name,
  query: LiveQueries[Name]['query'],
): { readonly values: LiveQueries[Name]['result'][]; readonly errors: string[]; stop(): void } {
  const values: LiveQueries[Name]['result'][] = [];
  const errors: string[] = [];
  const stop = service.watch(name, query, (answer) => {
    if (answer.ok) values.push(answer.value as LiveQueries[Name]['result']);
    else errors.push(answer.error.code);
  });
  return { values, errors, stop };
}

export async function execute(
  service: DataService,
  command: string,
  input: unknown,
): Promise<DataRequests['execute']['output']> {
  return (await service.request('execute', { command, input })) as DataRequests['execute']['output'];
}

export function listOf(entity: EntityName): LiveQueries['list']['query'] {
  return { entity, sort: [{ field: 'name', direction: 'asc' }], offset: 0, limit: 100 };
}

/** The rows of a list as they are now. */
export function rowsNow(service: DataService, entity: EntityName): readonly AnyRecord[] {
  const answers = collectAnswers(service, 'list', listOf(entity));
  answers.stop();
  return answers.values.at(-1)?.rows ?? [];
}

export function namesNow(service: DataService, entity: EntityName): string {
  return rowsNow(service, entity)
    .map((row) => String(row['name']))
    .join();
}

export function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

export function checkSame(actual: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: got ${left}, expected ${right}`);
}

/** Whether any value of any IndexedDB database of a profile holds the text. */
export async function isInIndexedDb(profileId: string, text: string): Promise<boolean> {
  const databases = await indexedDB.databases();
  const names = databases.flatMap(({ name }) => (name?.includes(profileId) === true ? [name] : []));
  const contents = await Promise.all(names.map(readDatabase));
  return contents.some((content) => content.includes(text));
}

async function readDatabase(name: string): Promise<string> {
  const database = await toPromise(indexedDB.open(name));
  const parts: string[] = [];
  for (const store of database.objectStoreNames) {
    const values = await toPromise(database.transaction(store).objectStore(store).getAll());
    parts.push(JSON.stringify(values, (_key, value: unknown) => (ArrayBuffer.isView(value) ? decode(value) : value)));
  }
  database.close();
  return parts.join();
}

function decode(view: ArrayBufferView): string {
  return new TextDecoder().decode(view);
}

function toPromise<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}
