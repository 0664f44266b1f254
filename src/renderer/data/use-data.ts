// What screens use to read and write: live answers that keep the last one on screen while a new one is on its way, so
// that nothing flickers, and commands that resolve when the change is saved on this computer.
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type {
  DataAnswer,
  DataClient,
  DataRequests,
  LiveName,
  LiveQueries,
  RequestName,
} from '#renderer/data/data-contract.ts';
import { OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';

/** Wrap the application in `<DataContext value={client}>`. */
export const DataContext = createContext<DataClient | null>(null);
/** The client of whoever is signed in, below a `DataContext` that shows what another role sees. */
export const OwnDataContext = createContext<DataClient | null>(null);

export function useDataClient(): DataClient {
  const client = useContext(DataContext);
  if (client === null) throw new OutpostError('internal', 'DataContext is missing around this component');
  return client;
}

export interface LiveState<Result> {
  /** The newest answer there is; undefined only before the first one. */
  readonly data: Result | undefined;
  readonly error: ErrorData | undefined;
  /** False while `data` still belongs to the question asked before. */
  readonly isCurrent: boolean;
}

const REMEMBERED_ANSWERS = 60;
const rememberedAnswers = new WeakMap<DataClient, Map<string, unknown>>();

/** Last answers of this window by question, so that going back to a screen paints it at once. */
function answersOf(client: DataClient): Map<string, unknown> {
  const known = rememberedAnswers.get(client);
  if (known !== undefined) return known;
  const created = new Map<string, unknown>();
  rememberedAnswers.set(client, created);
  return created;
}

function remember(client: DataClient, key: string, value: unknown): void {
  const answers = answersOf(client);
  answers.delete(key);
  answers.set(key, value);
  const oldest = answers.keys().next();
  if (answers.size > REMEMBERED_ANSWERS && oldest.done !== true) answers.delete(oldest.value);
}

function createLiveStore<Name extends LiveName>(client: DataClient, name: Name, firstKey: string | null) {
  type Value = LiveQueries[Name]['result'];
  const listeners = new Set<() => void>();
  const first = firstKey === null ? undefined : (answersOf(client).get(firstKey) as Value | undefined);
  let state: LiveState<Value> = { data: first, error: undefined, isCurrent: false };

  function change(next: LiveState<Value>): void {
    state = next;
    for (const listener of listeners) listener();
  }
  return {
    getState: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    /** Returns the function that stops watching; the last answer stays. */
    ask(key: string, query: LiveQueries[Name]['query']) {
      const known = answersOf(client).get(key) as Value | undefined;
      if (known !== undefined) change({ data: known, error: undefined, isCurrent: false });
      else if (state.isCurrent) change({ ...state, isCurrent: false });
      return client.watch(name, query, (answer: DataAnswer<Value>) => {
        if (!answer.ok) {
          // Somebody else may sign in next: what the last one saw must not be painted again.
          if (answer.error.code === 'not_signed_in') answersOf(client).clear();
          change({ data: undefined, error: answer.error, isCurrent: true });
          return;
        }
        remember(client, key, answer.value);
        change({ data: answer.value, error: undefined, isCurrent: true });
      });
    },
    forget() {
      if (state.data !== undefined || state.error !== undefined)
        change({ data: undefined, error: undefined, isCurrent: false });
      return undefined;
    },
  };
}

/** Names a question by its content. */
function keyOf<Name extends LiveName>(name: Name, query: LiveQueries[Name]['query']): string {
  return `${name} ${toCanonicalJson(query)}`;
}

function queryOf<Name extends LiveName>(name: Name, key: string): LiveQueries[Name]['query'] {
  return JSON.parse(key.slice(name.length + 1)) as LiveQueries[Name]['query'];
}

/** A live question; null asks nothing. The query may be a new object at every render: equal content is the same question. */
export function useLive<Name extends LiveName>(
  name: Name,
  query: LiveQueries[Name]['query'] | null,
): LiveState<LiveQueries[Name]['result']> {
  return useLiveOf(useDataClient(), name, query);
}

/** The same, answered from the own records also while the window shows what another role sees. */
export function useOwnLive<Name extends LiveName>(
  name: Name,
  query: LiveQueries[Name]['query'] | null,
): LiveState<LiveQueries[Name]['result']> {
  const client = useDataClient();
  return useLiveOf(useContext(OwnDataContext) ?? client, name, query);
}

function useLiveOf<Name extends LiveName>(
  client: DataClient,
  name: Name,
  query: LiveQueries[Name]['query'] | null,
): LiveState<LiveQueries[Name]['result']> {
  const key = query === null ? null : keyOf(name, query);
  const [store] = useState(() => createLiveStore(client, name, key));
  useEffect(() => {
    if (key === null) return store.forget();
    return store.ask(key, queryOf<Name>(name, key));
  }, [store, name, key]);
  return useSyncExternalStore(store.subscribe, store.getState);
}

/** Asks once ahead, so that a screen which asks the same later is painted at once; null asks nothing. */
export function usePrepared<Name extends LiveName>(name: Name, query: LiveQueries[Name]['query'] | null): void {
  const client = useDataClient();
  const key = query === null ? null : keyOf(name, query);
  useEffect(() => {
    if (key === null || answersOf(client).has(key)) return;
    const stop = client.watch(name, queryOf<Name>(name, key), (answer: DataAnswer<LiveQueries[Name]['result']>) => {
      if (answer.ok) remember(client, key, answer.value);
      stop();
    });
    return stop;
  }, [client, name, key]);
}

/** Runs a command. Resolves when the change is durable and in every view; rejects with an OutpostError the screen shows. */
export function useExecute(): (command: string, input: unknown) => Promise<DataRequests['execute']['output']> {
  const client = useDataClient();
  return useCallback((command, input) => client.request('execute', { command, input }), [client]);
}

/** A single question. Resolves with the answer, rejects with an OutpostError. */
export function useRequest(): <Name extends RequestName>(
  name: Name,
  input: DataRequests[Name]['input'],
) => Promise<DataRequests[Name]['output']> {
  const client = useDataClient();
  return useCallback((name, input) => client.request(name, input), [client]);
}
