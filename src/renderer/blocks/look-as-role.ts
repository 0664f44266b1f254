// How any window says that the main windows shall be looked at as a role, or as oneself again.
import type { RolePerson } from '#shared/access/actor-of-role.ts';

const CHANNEL = 'outpost-look-as-role';
/** A channel does not answer the window that spoke, so that one is told by an event. */
const here = new EventTarget();

/** Null: as oneself. */
export function lookAsRole(wanted: RolePerson | null): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(wanted);
  channel.close();
  here.dispatchEvent(new CustomEvent(CHANNEL, { detail: wanted }));
}

export function onRoleWanted(listener: (wanted: RolePerson | null) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<RolePerson | null>) => listener(event.data);
  const onHere = (event: Event): void => listener((event as CustomEvent<RolePerson | null>).detail);
  here.addEventListener(CHANNEL, onHere);
  return () => {
    channel.close();
    here.removeEventListener(CHANNEL, onHere);
  };
}
