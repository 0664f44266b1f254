// Two things done to the whole journal. Forgetting: after a purge it holds only what the user typed, on the disk as well.
// Sending again: when a server was restored from a backup, everything answered later than that goes out once more, under
// its old number and id, so that acknowledged work survives and nothing is done twice.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Operation } from '#shared/sync/operation.ts';
import {
  placeOf,
  withoutBase,
  withoutFields,
  withoutLabel,
  withoutRecord,
  type RecordPlace,
} from '#main/journal/forget.ts';
import type { JournalStore } from '#main/journal/journal-store.ts';
import type { Entry, HistoryLine } from '#main/journal/read-rows.ts';
import { createVoid } from '#main/journal/repair.ts';

type Fields = Readonly<Record<string, readonly string[]>>;

export interface Sweep {
  /** Records the journal holds more of than what was typed, as far as the local database can say whether they are there. */
  mentioned(): readonly RecordPlace[];
  /** Something is unsent that makes or restores a record: only the answer to it tells whether it is there. */
  isUndecided(): boolean;
  /**
   * Keeps of these records only what was typed. True when unsent operations became others. `lines`: what was answered is
   * dropped when the records are out of sight for certain; where they may only not be here yet, it loses what was on the
   * screen, and can still be sent again.
   */
  forget(places: readonly RecordPlace[], lines?: 'drop' | 'strip'): boolean;
  /** The same for fields, by entity. */
  forgetFields(fields: Fields): boolean;
  /** A sweep was begun and must be ended, also after a crash. */
  isDue(): boolean;
  setDue(isDue: boolean): void;
  /** Everything after this number is unanswered again; answers how many operations that brought back. */
  resendAfter(lastOpNo: number): number;
}

export function createSweep(store: JournalStore, clock: Clock, createId: () => string): Sweep {
  // Built at the first question: reading the log takes time that a start does not have.
  let answered: Map<number, RecordPlace> | null = null;

  function log(): Map<number, RecordPlace> {
    if (answered === null || store.isHistoryChanged()) {
      answered = new Map();
      for (const { operation } of store.readHistory()) {
        // A deletion says nothing of the record but that it was there, and must be repeated after a restore.
        if (operation.kind !== 'delete') answered.set(operation.opNo, operation);
      }
    }
    return answered;
  }

  function strippedLines(wanted: ReadonlySet<number>): readonly HistoryLine[] {
    return [...store.readHistory()].flatMap((line) => {
      if (!wanted.has(line.operation.opNo)) return [];
      const operation = withoutBase(line.operation);
      return operation === line.operation ? [] : [{ ...line, operation }];
    });
  }

  /** What is in memory changes when the disk has it: what failed on a full disk is done again from the start. */
  function change(
    nextEntry: (entry: Entry) => Entry,
    nextItem: (item: AttentionItem) => AttentionItem,
    others: () => void,
  ): boolean {
    const changed = [...store.entries].flatMap(([opNo, entry]) => {
      const next = nextEntry(entry);
      return next === entry ? [] : [[opNo, next] as const];
    });
    const items = [...store.attention.values()].flatMap((item) => {
      const next = nextItem(item);
      return next === item ? [] : [next];
    });
    store.transaction(() => {
      for (const [, { operation, verdict }] of changed) {
        store.writeOperation(operation);
        if (verdict !== null) store.writeVerdict(verdict);
      }
      for (const item of items) store.writeAttention(item);
      others();
    });
    for (const [opNo, entry] of changed) store.entries.set(opNo, entry);
    for (const item of items) store.attention.set(item.id, item);
    return changed.length > 0;
  }

  return {
    mentioned() {
      const places = new Map<string, RecordPlace>();
      const add = ({ entity, recordId }: RecordPlace): void => {
        places.set(placeOf({ entity, recordId }), { entity, recordId });
      };
      for (const place of log().values()) add(place);
      for (const item of store.attention.values()) add(item.operation);
      for (const { operation } of store.entries.values()) add(operation);
      // A record that is about to be made or brought back may not be held, and is no less the user's.
      for (const { operation } of store.entries.values()) if (bringsAbout(operation)) places.delete(placeOf(operation));
      return [...places.values()];
    },
    isUndecided: () => [...store.entries.values()].some(({ operation }) => bringsAbout(operation)),
    forget(places, lines = 'drop') {
      const gone = new Set(places.map(placeOf));
      if (gone.size === 0) return false;
      const isMeant = (place: RecordPlace): boolean => gone.has(placeOf(place));
      const meant = [...log()].filter(([, place]) => isMeant(place)).map(([opNo]) => opNo);
      const stripped = lines === 'strip' ? strippedLines(new Set(meant)) : [];
      const dropped = lines === 'drop' ? meant : [];
      const hasChanged = change(
        (entry) => {
          if (!isMeant(entry.operation)) return entry;
          const operation = withoutBase(entry.operation);
          const verdict = entry.verdict === null ? null : withoutRecord(entry.verdict);
          return operation === entry.operation && verdict === entry.verdict ? entry : { operation, verdict };
        },
        (item) => (isMeant(item.operation) ? withoutLabel(item) : item),
        () => {
          for (const line of stripped) store.replaceHistory(line);
          for (const opNo of dropped) store.deleteHistory(opNo);
        },
      );
      for (const opNo of dropped) log().delete(opNo);
      store.eraseFormerRows();
      return hasChanged;
    },
    forgetFields(fields) {
      const isLost = (entity: string) => (field: string) => fields[entity]?.includes(field) === true;
      const hasFields = ({ entity }: RecordPlace): boolean => fields[entity] !== undefined;
      const lines = [...store.readHistory()].flatMap((line) => {
        const operation = withoutBase(line.operation, isLost(line.operation.entity));
        return operation === line.operation ? [] : [{ ...line, operation }];
      });
      const hasChanged = change(
        (entry) => {
          if (!hasFields(entry.operation)) return entry;
          const lost = isLost(entry.operation.entity);
          const operation = withoutBase(entry.operation, lost);
          const verdict = entry.verdict === null ? null : withoutFields(entry.verdict, lost);
          return operation === entry.operation && verdict === entry.verdict ? entry : { operation, verdict };
        },
        (item) => {
          if (!hasFields(item.operation)) return item;
          const operation = withoutBase(item.operation, isLost(item.operation.entity));
          return operation === item.operation && item.label === null ? item : { ...item, operation, label: null };
        },
        () => {
          for (const line of lines) store.replaceHistory(line);
        },
      );
      store.eraseFormerRows();
      return hasChanged;
    },
    isDue: () => store.state.isSweepDue === true,
    setDue(isDue) {
      if ((store.state.isSweepDue === true) === isDue) return;
      const state = { ...store.state, isSweepDue: isDue };
      store.transaction(() => store.writeState(state));
      store.state = state;
    },
    resendAfter(lastOpNo) {
      const { nextOpNo } = store.state;
      const isUnanswered = (opNo: number): boolean => store.entries.get(opNo)?.verdict === null;
      const missing: number[] = [];
      for (let opNo = lastOpNo + 1; opNo < nextOpNo; opNo += 1) if (!isUnanswered(opNo)) missing.push(opNo);
      if (missing.length === 0) return 0;
      const lines = new Map([...store.readHistory()].map((line) => [line.operation.opNo, line.operation]));
      const nowIso = toInstant(clock.now());
      const again = missing.map((opNo) => lines.get(opNo) ?? createVoid(opNo, createId(), nowIso));
      const state = { ...store.state, firstOpNo: lastOpNo + 1, done: [] };
      store.transaction(() => {
        for (const operation of again) {
          store.writeOperation(operation);
          store.deleteHistory(operation.opNo);
        }
        store.writeState(state);
      });
      const entries = new Map(store.entries);
      for (const operation of again) entries.set(operation.opNo, { operation, verdict: null });
      store.entries.clear();
      for (const [opNo, entry] of [...entries].sort(([a], [b]) => a - b)) store.entries.set(opNo, entry);
      store.state = state;
      answered = null;
      return countReal(again);
    },
  };
}

function bringsAbout({ kind }: Operation): boolean {
  return kind === 'create' || kind === 'restore';
}

function countReal(operations: readonly Operation[]): number {
  return operations.filter((operation) => operation.kind !== 'void').length;
}
