// The journal: what a person typed and the server has not answered, on the disk before the screen says "saved on this
// computer". Guarantees: append is all or nothing; numbers are gapless; an operation leaves only when its verdict is
// stored (history or attention, in the same transaction); a refused operation becomes exactly one attention item;
// damaged rows are kept aside and counted, never sent and never silently gone.
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import {
  MOST_OPERATIONS_OF_A_TXN,
  PUSH_BATCH_SIZE,
  type Operation,
  type OperationDraft,
} from '#shared/sync/operation.ts';
import {
  openJournalStore,
  type JournalDamage,
  type JournalOptions,
  type JournalStore,
} from '#main/journal/journal-store.ts';
import type { JournalState } from '#main/journal/read-rows.ts';
import { withoutTitle } from '#main/journal/forget.ts';
import { createDamageItem, createReturnedItem, createVoid } from '#main/journal/repair.ts';
import { createSweep, type Sweep } from '#main/journal/sweep.ts';

/** Largest operation, as JSON; anything larger would never fit in a push. */
const MAX_OPERATION_BYTES = 1024 * 1024;
/** Largest push, as JSON, well below what a server takes. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const HISTORY_KEPT_MS = 30 * 86_400_000;

/** Entries of the history: written together with the change of the record they tell of. */
const notedBeside: ReadonlySet<string> = new Set(['stageChange', 'fieldChange']);

export interface Journal {
  /** What was found damaged when it was opened. */
  readonly damage: JournalDamage;
  /** Numbers and stores the drafts, all or none; the same ids again give the operations stored before. Throws `disk_full`, `too_large`, `invalid`. */
  append(drafts: readonly OperationDraft[]): readonly Operation[];
  /** Everything whose verdict the data host has not applied yet, in order: what it folds into its views. */
  pending(): readonly Operation[];
  /** The next operations to push, those after a number if given: in order, whole txns, at most `PUSH_BATCH_SIZE`. */
  nextBatch(limit?: number, afterOpNo?: number): readonly Operation[];
  /** Stores verdicts and what follows from them. Verdicts already stored or of unknown operations change nothing. */
  storeVerdicts(verdicts: readonly Verdict[]): void;
  /** Verdicts that are stored and not yet applied by the data host. */
  undelivered(): readonly Verdict[];
  /** The data host holds what these verdicts say. */
  markDelivered(opIds: readonly string[]): void;
  /** Takes an operation the server cannot even read out of the way: an attention item, and a `void` at its number. */
  setAside(opNo: number, error: ErrorData): void;
  attention(): readonly AttentionItem[];
  /** Ids of operations the server answered, as far as the log of them goes back. */
  answered(): ReadonlySet<string>;
  /** What a backup knows and this journal does not, as items to look at; nothing of it is sent. Answers how many came. */
  showAgain(
    operations: readonly Operation[],
    items: readonly AttentionItem[],
    why: 'journal_damaged' | 'from_backup',
  ): number;
  /** Forgets answers that are old enough. */
  prune(): void;
  /** The user decided not to keep it. */
  discard(id: string): void;
  counts(): { readonly pending: number; readonly attention: number };
  /** Records with changes that wait, as a person counts them: what Outpost notes beside a change counts with that one. */
  waitingRecords(): number;
  /** Makes the file ready to be written fast; to be called when there is time. Throws `disk_full`. */
  makeRoom(): void;
  /** Forgetting what was purged, and sending again what a restored server lost. */
  readonly sweep: Sweep;
  close(): void;
}

function toAttentionItem(operation: Operation, verdict: Verdict, nowIso: string): AttentionItem | null {
  if (operation.kind === 'void') return null;
  const shared = { id: operation.opId, operation, label: null, createdAt: nowIso };
  if (verdict.status === 'rejected') {
    const { code, message, problems, why } = verdict;
    const label = why?.title ?? null;
    const reason = why === undefined ? {} : { why: withoutTitle(why) };
    return { ...shared, label, code, message, problems, ...reason, causedBy: null };
  }
  if (verdict.status === 'blocked') {
    return {
      ...shared,
      code: 'blocked',
      message: 'This waited for a change that was refused.',
      problems: [],
      causedBy: verdict.by,
    };
  }
  return null;
}

function checkDrafts(drafts: readonly OperationDraft[]): void {
  const sizes = new Map<string, number>();
  const ids = new Set<string>();
  let lastTxn: string | null = null;
  for (const { opId, txn } of drafts) {
    if (ids.has(opId)) throw new OutpostError('invalid', 'An operation id occurs twice.', { opId });
    ids.add(opId);
    if (txn !== null) {
      if (sizes.has(txn) && txn !== lastTxn)
        throw new OutpostError('invalid', 'Operations of one txn must follow each other.', { txn });
      const size = (sizes.get(txn) ?? 0) + 1;
      sizes.set(txn, size);
      if (size > MOST_OPERATIONS_OF_A_TXN)
        throw new OutpostError('limit', `At most ${MOST_OPERATIONS_OF_A_TXN} changes can be made together.`, {
          most: MOST_OPERATIONS_OF_A_TXN,
        });
    }
    lastTxn = txn;
  }
}

/** The state after these numbers are done with; numbers at the front are forgotten, others remembered. */
function withoutNumbers(state: JournalState, gone: ReadonlySet<number>): JournalState {
  const done = new Set([...state.done, ...gone]);
  let { firstOpNo } = state;
  while (done.delete(firstOpNo)) firstOpNo += 1;
  return { ...state, firstOpNo, done: [...done] };
}

/** Unanswered operations in order, those of one txn together. */
function* unitsOf(store: JournalStore, afterOpNo: number): Generator<Operation[]> {
  let unit: Operation[] = [];
  for (const { operation, verdict } of store.entries.values()) {
    if (verdict !== null || operation.opNo <= afterOpNo) continue;
    const continues = operation.txn !== null && unit.at(-1)?.txn === operation.txn;
    if (!continues && unit.length > 0) {
      yield unit;
      unit = [];
    }
    unit.push(operation);
  }
  if (unit.length > 0) yield unit;
}

function chooseBatch(store: JournalStore, limit: number, afterOpNo: number): Operation[] {
  const batch: Operation[] = [];
  let bytes = 0;
  for (const unit of unitsOf(store, afterOpNo)) {
    bytes += JSON.stringify(unit).length;
    if (batch.length > 0 && (batch.length + unit.length > limit || bytes > MAX_BATCH_BYTES)) break;
    batch.push(...unit);
  }
  return batch;
}

/** Opens or creates a journal. Damage never stops it: see `damage`. Throws `too_old_protocol` for a file of a newer Outpost. */
export function openJournal(options: JournalOptions): Journal {
  return createJournal(openJournalStore(options), options);
}

/** The journal over rows that are open already. */
export function createJournal(
  store: JournalStore,
  { clock, createId }: Pick<JournalOptions, 'clock' | 'createId'>,
): Journal {
  const nowIso = (): string => toInstant(clock.now());
  store.pruneHistory(clock.now() - HISTORY_KEPT_MS);

  function findKnown(drafts: readonly OperationDraft[]): Operation[] {
    const wanted = new Set(drafts.map((draft) => draft.opId));
    return [...store.entries.values()]
      .map((entry) => entry.operation)
      .filter((operation) => wanted.has(operation.opId));
  }

  function insertAll(operations: readonly Operation[], nextOpNo: number): void {
    store.transaction(() => {
      for (const operation of operations) store.writeOperation(operation);
      store.writeState({ ...store.state, nextOpNo });
    });
    for (const operation of operations) store.entries.set(operation.opNo, { operation, verdict: null });
    store.state = { ...store.state, nextOpNo };
  }

  function storeOne(verdict: Verdict): (() => void) | null {
    const entry = store.entries.get(verdict.opNo);
    if (entry === undefined || entry.verdict !== null || entry.operation.opId !== verdict.opId) return null;
    const { operation } = entry;
    store.writeVerdict(verdict);
    const item = toAttentionItem(operation, verdict, nowIso());
    if (item === null) store.writeHistory(operation, verdict, clock.now());
    else store.writeAttention(item);
    return () => {
      store.entries.set(operation.opNo, { operation, verdict });
      if (item !== null) store.attention.set(item.id, item);
    };
  }

  return {
    damage: store.damage,
    append(drafts) {
      checkDrafts(drafts);
      const known = findKnown(drafts);
      if (known.length > 0) {
        if (known.length === drafts.length) return known;
        throw new OutpostError('invalid', 'Some of these operations were saved before and some were not.');
      }
      let opNo = store.state.nextOpNo;
      const operations = drafts.map((draft) => {
        const operation: Operation = { ...draft, opNo };
        opNo += 1;
        if (JSON.stringify(operation).length > MAX_OPERATION_BYTES)
          throw new OutpostError('too_large', 'This is too much for one change. Shorten the text.');
        return operation;
      });
      if (operations.length > 0) insertAll(operations, opNo);
      return operations;
    },
    pending: () =>
      [...store.entries.values()].map((entry) => entry.operation).filter((operation) => operation.kind !== 'void'),
    nextBatch: (limit = PUSH_BATCH_SIZE, afterOpNo = 0) => chooseBatch(store, limit, afterOpNo),
    storeVerdicts(verdicts) {
      const seen = new Set<string>();
      const fresh = verdicts.filter(({ opId }) => !seen.has(opId) && seen.add(opId));
      // Lost with the power, they are asked for again, and the server gives the same answers.
      const remember = store.transaction(() => fresh.map(storeOne), 'later');
      for (const change of remember) change?.();
    },
    undelivered: () => [...store.entries.values()].flatMap((entry) => (entry.verdict === null ? [] : [entry.verdict])),
    markDelivered(opIds) {
      const wanted = new Set(opIds);
      const done = [...store.entries.values()].filter(
        ({ operation, verdict }) => verdict !== null && wanted.has(operation.opId),
      );
      if (done.length === 0) return;
      const gone = new Set(done.map((entry) => entry.operation.opNo));
      const state = withoutNumbers(store.state, gone);
      // On the disk before anything newer is pulled: told again after that, a verdict would bring back what is gone since.
      store.transaction(() => {
        for (const opNo of gone) store.deleteOperation(opNo);
        store.writeState(state);
      });
      for (const opNo of gone) store.entries.delete(opNo);
      store.state = state;
    },
    setAside(opNo, error) {
      const entry = store.entries.get(opNo);
      if (entry === undefined || entry.verdict !== null || entry.operation.kind === 'void') return;
      const item: AttentionItem = {
        id: entry.operation.opId,
        operation: entry.operation,
        label: null,
        code: error.code,
        message: error.message,
        problems: [],
        createdAt: nowIso(),
        causedBy: null,
      };
      const replacement = createVoid(opNo, createId(), nowIso());
      store.transaction(() => {
        store.writeOperation(replacement);
        store.writeAttention(item);
      });
      store.entries.set(opNo, { operation: replacement, verdict: null });
      store.attention.set(item.id, item);
    },
    attention: () => [...store.attention.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
    answered: () => new Set([...store.readHistory()].map(({ operation }) => operation.opId)),
    showAgain(operations, items, why) {
      const back = new Set(operations.map(({ opId }) => opId));
      const toItem = (operation: Operation): AttentionItem =>
        why === 'from_backup' ? createReturnedItem(operation, nowIso(), back) : createDamageItem(operation, nowIso());
      const known = new Set([...store.attention.keys(), ...[...store.entries.values()].map((e) => e.operation.opId)]);
      const typed = operations.filter(({ kind }) => kind !== 'void');
      const all = [...items, ...typed.map(toItem)];
      const fresh = all.filter(({ id }) => !known.has(id));
      store.transaction(() => {
        for (const item of fresh) store.writeAttention(item);
      });
      for (const item of fresh) store.attention.set(item.id, item);
      return fresh.length;
    },
    prune: () => store.pruneHistory(clock.now() - HISTORY_KEPT_MS),
    discard(id) {
      if (!store.attention.has(id)) return;
      store.transaction(() => store.moveToDiscarded(id, clock.now()));
      store.attention.delete(id);
    },
    counts() {
      let pending = 0;
      for (const entry of store.entries.values())
        if (entry.verdict === null && entry.operation.kind !== 'void') pending += 1;
      return { pending, attention: store.attention.size };
    },
    waitingRecords() {
      const places = new Set<string>();
      for (const { verdict, operation } of store.entries.values())
        if (verdict === null && operation.kind !== 'void' && !notedBeside.has(operation.entity))
          places.add(`${operation.entity}/${operation.recordId}`);
      return places.size;
    },
    makeRoom: () => store.makeRoom(),
    sweep: createSweep(store, clock, createId),
    close: () => store.close(),
  };
}
