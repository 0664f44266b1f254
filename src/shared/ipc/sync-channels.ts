// Synchronization, presence, the journal, attention, the data host and the sync doctor.
import { Type } from 'typebox';
import type { DoctorSnapshot, Repair, ServerStanding, Verification } from '#shared/doctor/snapshot.ts';
import { channel, doctorOnly, everyone, hostOnly, mainOnly, nothing, screens, text } from '#shared/ipc/channel.ts';
import type { AttentionItem, SyncStatus } from '#shared/ipc/sync-status.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import { type MaintenancePlan, MaintenancePlanSchema } from '#shared/sync/maintenance.ts';
import { type PresenceChoice, PresenceChoiceSchema } from '#shared/sync/messages.ts';
import { type Operation, OperationSchema } from '#shared/sync/operation.ts';

const OperationDraftSchema = Type.Omit(OperationSchema, ['opNo']);

/** A hundred thousand rows are some three million letters. */
const MOST_PACKED_LETTERS = 100_000_000;

export const syncChannels = {
  'sync.status': channel<SyncStatus>()(nothing, everyone),
  'sync.now': channel<null>()(nothing, everyone),
  'sync.workOffline': channel<SyncStatus>()(Type.Object({ on: Type.Boolean() }), screens),
  /** Ids of connected colleagues; null when nobody can tell. */
  'presence.online': channel<readonly string[] | null>()(nothing, everyone),
  /** The own choice to appear offline, on all devices; needs the server. */
  'presence.choice': channel<PresenceChoice>()(nothing, screens),
  'presence.choose': channel<PresenceChoice>()(PresenceChoiceSchema, screens),
  /** What happened lately, newest first. */
  'events.recent': channel<readonly LiveEvent[]>()(nothing, mainOnly),
  /** What was announced and is not over, as far as this computer has heard. */
  'maintenance.planned': channel<MaintenancePlan>()(nothing, screens),
  /** For administrators; needs the server. Null takes it back. */
  'maintenance.announce': channel<MaintenancePlan>()(MaintenancePlanSchema, screens),
  /** Durable when it answers; the job that is made of it goes on until the import is over. */
  'imports.keep': channel<null>()(
    Type.Object({ importId: text(64), fileName: text(400), rows: text(MOST_PACKED_LETTERS) }),
    hostOnly,
  ),
  /** Durable when it answers. All or nothing. */
  'journal.append': channel<readonly Operation[]>()(
    Type.Object({ ops: Type.Array(OperationDraftSchema, { maxItems: 20_000 }) }),
    hostOnly,
  ),
  'journal.pending': channel<readonly Operation[]>()(nothing, hostOnly),
  'attention.list': channel<readonly AttentionItem[]>()(nothing, everyone),
  'attention.discard': channel<null>()(Type.Object({ id: text(64) }), everyone),
  'host.answer': channel<null>()(
    Type.Object({ requestId: Type.Integer(), ok: Type.Boolean(), value: Type.Optional(Type.Unknown()) }),
    hostOnly,
  ),
  'host.ready': channel<null>()(nothing, hostOnly),
  'doctor.snapshot': channel<DoctorSnapshot>()(nothing, doctorOnly),
  /** What only the server can tell; needs a connection. */
  'doctor.askServer': channel<ServerStanding>()(nothing, doctorOnly),
  /** Compares everything with the server and changes nothing; needs a connection. */
  'doctor.verify': channel<Verification>()(nothing, doctorOnly),
  /** Makes the local data what the server says; unsent work is not touched. Needs a connection. */
  'doctor.repair': channel<Repair>()(nothing, doctorOnly),
  /** The text of the report as it would be saved. */
  'doctor.report': channel<{ readonly text: string }>()(nothing, doctorOnly),
} as const;
