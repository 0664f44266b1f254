// State that the main process owns, as hooks: asked once, then followed by its announcements. All components of a
// window share one subscription per kind of state.
import { useSyncExternalStore } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AttentionItem, Preferences, SessionState, SyncStatus } from '#shared/ipc/contract.ts';

interface SharedState<Value> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => Value | undefined;
}

/** `follow` is called with the first subscriber and returns how to stop; it must call `change` with every new value. */
function createSharedState<Value>(follow: (change: (value: Value) => void) => () => void): SharedState<Value> {
  const listeners = new Set<() => void>();
  let value: Value | undefined;
  let stop: (() => void) | null = null;
  function change(next: Value): void {
    value = next;
    for (const listener of listeners) listener();
  }
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      stop ??= follow(change);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}

function followMain<Value>(
  event: 'session.changed' | 'sync.changed' | 'preferences.changed',
  channel: 'session.get' | 'sync.status' | 'preferences.get',
): SharedState<Value> {
  return createSharedState<Value>((change) => {
    // An announcement that arrives while the question is under way is the newer of the two.
    let announced = false;
    const stop = getBridge().on(event, (payload) => {
      announced = true;
      change(payload as Value);
    });
    void invokeMain(getBridge(), channel, {}).then((value) => {
      if (!announced) change(value as Value);
    });
    return stop;
  });
}

const session = followMain<SessionState>('session.changed', 'session.get');
const syncStatus = followMain<SyncStatus>('sync.changed', 'sync.status');
const preferences = followMain<Preferences>('preferences.changed', 'preferences.get');
const attention = createSharedState<readonly AttentionItem[]>((change) => {
  let asked = 0;
  function ask(): void {
    asked += 1;
    const mine = asked;
    void invokeMain(getBridge(), 'attention.list', {}).then((items) => {
      if (mine === asked) change(items);
    });
  }
  ask();
  return getBridge().on('attention.changed', ask);
});

/** Who is signed in; undefined until the main process answered. */
export function useSession(): SessionState | undefined {
  return useSyncExternalStore(session.subscribe, session.get);
}

export function useSyncStatus(): SyncStatus | undefined {
  return useSyncExternalStore(syncStatus.subscribe, syncStatus.get);
}

/** What the user typed and the server refused; undefined until the main process answered. */
export function useAttention(): readonly AttentionItem[] | undefined {
  return useSyncExternalStore(attention.subscribe, attention.get);
}

export function usePreferences(): Preferences | undefined {
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}
