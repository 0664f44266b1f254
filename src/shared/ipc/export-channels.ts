// Exports among the jobs of this computer: a window writes the file, the main process knows of it.
import { Type } from 'typebox';
import { channel, mainOnly, nothing, text } from '#shared/ipc/channel.ts';

/** Whatever the window needs to do it once more, as it likes to keep it. */
const MOST_KEPT_LETTERS = 16_000_000;

export interface KeptExport {
  readonly id: string;
  readonly again: string;
}

const Problem = Type.Object({ code: text(64), message: text(2000) });

export const exportChannels = {
  /** Answers when it may begin: at once, or when its turn comes. Refused (`cancelled`) when somebody takes it back before. */
  'exports.begin': channel<null>()(
    Type.Object({ id: text(64), label: text(400), again: text(MOST_KEPT_LETTERS) }),
    mainOnly,
  ),
  /** One that is to be done once more; this window does it. Null when there is none. */
  'exports.take': channel<KeptExport | null>()(nothing, mainOnly),
  'exports.progress': channel<null>()(
    Type.Object({
      id: text(64),
      done: Type.Integer({ minimum: 0 }),
      total: Type.Integer({ minimum: 0 }),
    }),
    mainOnly,
  ),
  /** Null: the file is saved. */
  'exports.end': channel<null>()(
    Type.Object({
      id: text(64),
      file: text(400),
      rows: Type.Integer({ minimum: 0 }),
      failure: Type.Union([Problem, Type.Null()]),
    }),
    mainOnly,
  ),
  'exports.cancel': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
} as const;
