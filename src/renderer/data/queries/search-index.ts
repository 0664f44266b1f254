// Word index over every searchable field of every local record. Words are folded (no case, no accents); a question
// finds records that have, for each of its words, a word beginning with it. Only when that finds little, words one
// typing mistake away count too. Built in slices so that a window is never kept waiting, then follows every change.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createPostings, type Postings } from '#renderer/data/queries/postings.ts';
import type { RecordSource } from '#renderer/data/record-mirror.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { entityNames, type EntityDefinition, type EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { matchesWords, toWords } from '#shared/query/words.ts';

export interface SearchIndex {
  /** Test whether a record has a word beginning with each word of the text; everything matches an empty text. */
  createMatcher(entity: EntityName, text: string): (record: LocalRecord) => boolean;
  /** Ids of the records that match, null while the index is not complete. */
  candidates(entity: EntityName, text: string): readonly string[] | null;
  /** Best first. Waits until the index is complete. */
  search(text: string, limit: number): Promise<readonly LocalRecord[]>;
  stop(): void;
}

/** Kinds a person looks for by name; the rest is found in its own list. */
const searchedEntities: readonly EntityName[] = [
  'account',
  'contact',
  'lead',
  'deal',
  'task',
  'activity',
  'product',
  'user',
  'file',
];
/** Statuses of records that only remember what was. */
const OVER = new Set<unknown>(['won', 'lost', 'done', 'cancelled', 'converted', 'unqualified']);
const isOver = (record: LocalRecord): boolean => OVER.has(record['status']);
/** Hits looked at for each one shown. */
const DEPTH = 5;
const SLICE_SIZE = 500;
/** What the first screen asks comes first. */
const BEGIN_AFTER_MS = 250;
/** So many changes at once come from a first synchronization or an import. */
const POSTPONED_FROM = 200;
const SEARCHED_LATELY_MS = 5_000;
const FEW_HITS = 5;
const SWEEP_DELAY_MS = 500;

const searchableFieldsOfEntity = new Map<EntityName, readonly string[]>();

function searchableFieldsOf(definition: EntityDefinition): readonly string[] {
  let fields = searchableFieldsOfEntity.get(definition.name);
  if (fields === undefined) {
    const others = Object.keys(definition.fields).filter(
      (field) => definition.fields[field]?.searchable === true && field !== definition.titleField,
    );
    fields = [definition.titleField, ...others];
    searchableFieldsOfEntity.set(definition.name, fields);
  }
  return fields;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join(' ') : '';
}

/** Texts of custom fields, found among what the record has: it has few of the many places there are. */
function customTextsOf(record: LocalRecord): string {
  const { fields } = entities[record.kind];
  let texts = '';
  for (const name of Object.keys(record)) {
    if (isCustomSlot(name) && fields[name]?.searchable === true) texts += ` ${textOf(record[name])}`;
  }
  return texts;
}

/** Words of the title first, then of the other fields; the title counts more. */
function wordsOf(record: LocalRecord): { title: readonly string[]; other: readonly string[] } {
  const [titleField = '', ...fields] = searchableFieldsOf(entities[record.kind]);
  return {
    title: toWords(textOf(record[titleField])),
    other: [...fields.flatMap((field) => toWords(textOf(record[field]))), ...toWords(customTextsOf(record))],
  };
}

function isWordChange(before: LocalRecord, after: LocalRecord): boolean {
  const fields = searchableFieldsOf(entities[after.kind]);
  return (
    fields.some((field) => textOf(before[field]) !== textOf(after[field])) ||
    customTextsOf(before) !== customTextsOf(after)
  );
}

export function createSearchIndex(
  source: RecordSource,
  later: (task: () => void, delayMs: number) => void,
): SearchIndex {
  const postings: Postings = createPostings();
  const indexed = new Set<EntityName>(searchedEntities);
  let isStopped = false;
  let isSweepPlanned = false;
  /** Null while every word of every record is in. */
  let complete: PromiseWithResolvers<void> | null = Promise.withResolvers();
  /** Records that came with many others and were not looked at yet. */
  let postponed: (readonly [EntityName, string])[] = [];
  /** Searches of the last seconds: whoever searches does it again. */
  let searches = 0;
  /** Only the building that was begun last goes on. */
  let building = 0;

  function add(record: LocalRecord): void {
    const { title, other } = wordsOf(record);
    postings.add(record.kind, record.id, title, other);
  }
  /** Words of removed records leave memory soon, but not one list at a time while a page is applied. */
  function sweepLater(): void {
    if (isSweepPlanned) return;
    isSweepPlanned = true;
    later(() => {
      isSweepPlanned = false;
      if (!isStopped) postings.sweep();
    }, SWEEP_DELAY_MS);
  }

  function* walk(): Generator<readonly [EntityName, string]> {
    for (const entity of entityNames) {
      if (!indexed.has(entity)) continue;
      for (const id of source.all(entity).keys()) yield [entity, id];
    }
  }
  const atStart = walk();

  /** Adds some of what is not in yet; false when nothing was left. */
  function buildSome(): boolean {
    for (let count = 0; count < SLICE_SIZE; count += 1) {
      const step = atStart.next();
      const next = step.done === true ? postponed.pop() : step.value;
      if (next === undefined) return false;
      const record = source.get(...next);
      if (record !== undefined && !postings.has(...next)) add(record);
    }
    return true;
  }

  function build(delayMs: number): void {
    const number = (building += 1);
    function buildSlice(): void {
      if (isStopped || number !== building) return;
      if (buildSome()) {
        later(buildSlice, 0);
        return;
      }
      complete?.resolve();
      complete = null;
    }
    later(buildSlice, delayMs);
  }
  build(BEGIN_AFTER_MS);

  const unsubscribe = source.subscribe((changes) => {
    // The words of a first synchronization are looked at when it pauses, or as soon as somebody searches.
    const isPostponed = changes.length > POSTPONED_FROM && searches === 0;
    const known = postponed.length;
    for (const { entity, id, before, after } of changes) {
      if (!indexed.has(entity)) continue;
      if (isPostponed && before === undefined) {
        postponed.push([entity, id]);
        continue;
      }
      if (before !== undefined && after !== undefined && !isWordChange(before, after)) continue;
      if (before !== undefined) {
        postings.remove(entity, id);
        sweepLater();
      }
      if (after !== undefined) add(after);
    }
    if (postponed.length === known) return;
    complete ??= Promise.withResolvers();
    build(BEGIN_AFTER_MS);
  });

  async function becomeComplete(): Promise<void> {
    searches += 1;
    later(() => {
      searches -= 1;
    }, SEARCHED_LATELY_MS);
    if (complete === null) return;
    build(0);
    await complete.promise;
  }

  return {
    createMatcher(_entity, text) {
      const terms = toWords(text);
      if (terms.length === 0) return () => true;
      return (record) => {
        const { title, other } = wordsOf(record);
        return matchesWords(terms, [...title, ...other]);
      };
    },
    candidates(entity, text) {
      const terms = toWords(text);
      if (complete !== null || terms.length === 0 || !indexed.has(entity)) return null;
      return postings.match(terms, { isFuzzy: false }).flatMap((hit) => (hit.entity === entity ? [hit.id] : []));
    },
    async search(text, limit) {
      await becomeComplete();
      const terms = toWords(text);
      if (terms.length === 0) return [];
      const depth = limit * DEPTH;
      const exact = postings.best(terms, { isFuzzy: false }, depth);
      const hits = exact.length >= FEW_HITS ? exact : [...exact, ...postings.best(terms, { isFuzzy: true }, depth)];
      const found = new Map<string, { readonly record: LocalRecord; readonly score: number }>();
      for (const { entity, id, score } of hits) {
        const record = source.get(entity, id);
        if (record !== undefined && !found.has(`${entity} ${id}`)) found.set(`${entity} ${id}`, { record, score });
      }
      // Sorting keeps the order of equals: what is over comes after what is under way.
      return [...found.values()]
        .toSorted((a, b) => b.score - a.score || Number(isOver(a.record)) - Number(isOver(b.record)))
        .slice(0, limit)
        .map(({ record }) => record);
    },
    stop() {
      isStopped = true;
      unsubscribe();
    },
  };
}
