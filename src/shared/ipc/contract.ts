// Everything a window may ask the main process, and everything main may announce. Names, inputs and outputs stand here
// once; preload builds `window.outpost` from the names, main validates each input, the types are derived.
// Events announce state, they never command. Tokens, passwords at rest and file paths never cross to a window.
import type { Static, TSchema } from 'typebox';
import { type Preferences, type UpdateStatus, appChannels } from '#shared/ipc/app-channels.ts';
import { auditChannels } from '#shared/ipc/audit-channels.ts';
import type { ChannelName, EventName } from '#shared/ipc/channel-names.ts';
import type { Channel } from '#shared/ipc/channel.ts';
import { backupChannels } from '#shared/ipc/backup-channels.ts';
import { exportChannels } from '#shared/ipc/export-channels.ts';
import { fileChannels } from '#shared/ipc/file-channels.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { identityChannels } from '#shared/ipc/identity-channels.ts';
import { mailChannels } from '#shared/ipc/mail-channels.ts';
import { operationsChannels } from '#shared/ipc/operations-channels.ts';
import { organizationChannels } from '#shared/ipc/organization-channels.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import { syncChannels } from '#shared/ipc/sync-channels.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import type { MaintenancePlan } from '#shared/sync/maintenance.ts';

export const channels = {
  ...appChannels,
  ...identityChannels,
  ...organizationChannels,
  ...auditChannels,
  ...backupChannels,
  ...exportChannels,
  ...fileChannels,
  ...syncChannels,
  ...mailChannels,
  ...operationsChannels,
} as const satisfies Record<ChannelName, Channel<TSchema, unknown>>;

export type ChannelInput<Name extends ChannelName> = Static<(typeof channels)[Name]['input']>;

export type ChannelOutput<Name extends ChannelName> =
  (typeof channels)[Name] extends Channel<TSchema, infer Output> ? Output : never;

/** Announcements of main to windows. */
export interface EventPayloads extends Record<EventName, unknown> {
  'session.changed': SessionState;
  /** Somebody opened the link of an invitation: `invitation.opened` says which. */
  'invitation.came': null;
  'sync.changed': SyncStatus;
  'attention.changed': { readonly count: number };
  /** Content came, went or moved. */
  'files.changed': { readonly ids: readonly string[] };
  'preferences.changed': Preferences;
  /** Mail came, or something about a mailbox or the outbox changed. */
  'mailbox.changed': null;
  'update.changed': UpdateStatus;
  'presence.changed': { readonly online: readonly string[] | null };
  /** `fresh`: what was not there before, in the order in which it happened. */
  'events.changed': { readonly recent: readonly LiveEvent[]; readonly fresh: readonly LiveEvent[] };
  'maintenance.changed': MaintenancePlan;
  /** Ask again; comes a few times a second at most. */
  'localJobs.changed': null;
  /** Somebody took this export back: the window that writes it stops. */
  'exports.stop': { readonly id: string };
  /** An export is to be done once more: a window takes it with `exports.take`. */
  'exports.offered': null;
  /** What became of a file that a window handed over. `failed`: a full disk, or a folder nobody may write to. */
  'file.saved': { readonly name: string; readonly outcome: 'saved' | 'cancelled' | 'failed' };
  /** How far a comparison with the server is. */
  'doctor.progress': { readonly done: number; readonly total: number };
  /** A menu item, tray item, notification or deep link wants a screen: a route path such as `/deals/123`. */
  navigate: { readonly path: string };
  /** This window is to close, or the application to end: what was typed here is nowhere else yet. */
  'typed.asked': null;
  /** An application command chosen in a menu, e.g. `palette`, `newDeal`. */
  'menu.command': { readonly command: string };
  'host.request': { readonly requestId: number; readonly request: HostRequest };
}

/** What every invoke answers: a value, or an error as data. */
export type Envelope<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData };

/** The frozen object preload puts on `window`. */
export interface OutpostBridge {
  invoke<Name extends ChannelName>(name: Name, input: ChannelInput<Name>): Promise<Envelope<ChannelOutput<Name>>>;
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayloads[Name]) => void): () => void;
}
