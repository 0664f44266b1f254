// What the data host found out while it took in a page or an answer, on its way to the bus; and what must be forgotten,
// because rights changed or a record left the user's sight.
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { AppliedOutcome } from '#shared/ipc/sync-status.ts';
import type { EventBus } from '#main/live/event-bus.ts';
import type { HostLink } from '#main/sync/host-link.ts';

/** Requests after which nobody knows whether what was told may still be seen. */
const narrowing: ReadonlySet<HostRequest['kind']> = new Set(['purge', 'applyManifest', 'wipe']);

export function hearHost(host: HostLink, bus: EventBus): HostLink {
  return {
    ...host,
    async request(request) {
      // Before it is done for good: a crash in between must not leave a word of what is gone.
      if (narrowing.has(request.kind)) bus.clear();
      if (request.kind === 'applyPage')
        bus.forget(request.items.flatMap((item) => (item.t === 'put' ? [] : [item.id])));
      const value = await host.request(request);
      if (narrowing.has(request.kind)) bus.clear();
      if (request.kind === 'applyPage' || request.kind === 'applyVerdicts')
        bus.raise((value as AppliedOutcome | null)?.events ?? []);
      return value;
    },
  };
}
