// Exports among the jobs of this computer: a window writes the file, the main process knows of it.
import { Type } from 'typebox';
import { Bytes, channel, mainOnly, nothing, text } from '#shared/ipc/channel.ts';

/** Whatever the window needs to do it once more, as it likes to keep it. */
const MOST_KEPT_LETTERS = 16_000_000;

export interface KeptExport {
  readonly id: string;
  readonly again: string;
  /** Its file goes into a folder that was chosen when it was planned: piece by piece, to the main process. */
  readonly isForFolder: boolean;
}

/** On which days a file is made by itself: all, Monday to Friday, Mondays, or the first of every month. */
export const exportDays = ['daily', 'workdays', 'weekly', 'monthly'] as const;
export type ExportDays = (typeof exportDays)[number];

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
  /**
   * From now on the file is made by itself, into a folder that the person is asked for: the folder, or null when nobody chose one.
   * Throws `export_folder_gone`.
   */
  'exports.plan': channel<{ readonly folder: string } | null>()(
    Type.Object({
      label: text(400),
      again: text(MOST_KEPT_LETTERS),
      days: Type.Enum(exportDays),
      minuteOfDay: Type.Integer({ minimum: 0, maximum: 1439 }),
    }),
    mainOnly,
  ),
  /** The next piece of a file for a folder. Throws `export_folder_gone`, `disk_full`. */
  'exports.piece': channel<null>()(Type.Object({ id: text(64), bytes: Bytes }), mainOnly),
  /** All of it is there: it gets its name, in the place of one of the same name. */
  'exports.keep': channel<null>()(Type.Object({ id: text(64), file: text(400) }), mainOnly),
  'exports.cancel': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
} as const;
