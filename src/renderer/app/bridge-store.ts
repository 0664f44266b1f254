// One way in for everything main announces: event → action → store. Screens read the store, never the bridge.
import type { ChannelInput, ChannelOutput } from '#shared/ipc/contract.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import {
  infoArrived,
  onlineChanged,
  preferencesChanged,
  sessionChanged,
  syncChanged,
} from '#renderer/app/store/session-slice.ts';
import type { createStore } from '#renderer/app/store/store.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

export async function connectStore(store: ReturnType<typeof createStore>): Promise<void> {
  window.outpost.on('session.changed', (session) => store.dispatch(sessionChanged(session)));
  window.outpost.on('sync.changed', (status) => store.dispatch(syncChanged(status)));
  window.outpost.on('preferences.changed', (preferences) => store.dispatch(preferencesChanged(preferences)));
  window.outpost.on('presence.changed', ({ online }) => store.dispatch(onlineChanged(online)));
  const read = async <Name extends ChannelName>(name: Name): Promise<ChannelOutput<Name>> =>
    invokeMain(getBridge(), name, {} as ChannelInput<Name>);
  const [info, session, status, preferences, online] = await Promise.all([
    read('app.info'),
    read('session.get'),
    read('sync.status'),
    read('preferences.get'),
    read('presence.online'),
  ]);
  store.dispatch(infoArrived(info));
  store.dispatch(sessionChanged(session));
  store.dispatch(syncChanged(status));
  store.dispatch(preferencesChanged(preferences));
  store.dispatch(onlineChanged(online));
}
