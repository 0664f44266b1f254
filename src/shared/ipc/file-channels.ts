// Content of attached files.
import { Type } from 'typebox';
import { Bytes, channel, mainOnly, nothing, screens, text } from '#shared/ipc/channel.ts';
import type { FileState, FilesUsage, RefusedFile, TakenFile } from '#shared/ipc/file-state.ts';

export const fileChannels = {
  /** A file comes in parts: `begin` says how much, `append` hands them over in order, `finish` makes them durable. */
  'files.begin': channel<{ readonly id: string; readonly name: string }>()(
    Type.Object({ name: text(4096), sizeBytes: Type.Integer({ minimum: 0 }) }),
    mainOnly,
  ),
  'files.append': channel<null>()(
    Type.Object({ id: text(64), index: Type.Integer({ minimum: 0 }), bytes: Bytes }),
    mainOnly,
  ),
  'files.finish': channel<TakenFile>()(Type.Object({ id: text(64) }), mainOnly),
  /** The person does not want it any more: one that was not attached, or that was refused. */
  'files.discard': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.states': channel<readonly FileState[]>()(
    Type.Object({ ids: Type.Array(text(64), { maxItems: 1000 }) }),
    mainOnly,
  ),
  'files.refused': channel<readonly RefusedFile[]>()(nothing, mainOnly),
  /** All of it is on this computer when it answers. Refused without a connection. */
  'files.fetch': channel<TakenFile>()(Type.Object({ id: text(64) }), mainOnly),
  /** A part of what is on this computer. */
  'files.read': channel<Uint8Array>()(Type.Object({ id: text(64), index: Type.Integer({ minimum: 0 }) }), mainOnly),
  /** Opens it with the program of the system; refused for what a system would run. */
  'files.open': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.pin': channel<null>()(Type.Object({ id: text(64), on: Type.Boolean() }), mainOnly),
  'files.retry': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.usage': channel<FilesUsage>()(nothing, screens),
} as const;
