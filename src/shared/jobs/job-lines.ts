// What jobs of this computer tell while they run: a key of the translations with what stands in it, so that everybody reads it in
// their own language. Lines of former versions are sentences, and shown as they are.
import { Type, type Static } from 'typebox';

/** Their sentences stand in the translations, under `localJobs.lines`. */
export const jobLineKeys = [
  'backupKept',
  'backupCopied',
  'backupFolderGone',
  'backupSame',
  'backupsRemoved',
  'cleanedUp',
  'importBegun',
  'rowsDone',
  'exportSaved',
  'newMessages',
  'erasedNotKept',
  'foldersSeen',
  'foldersCompared',
  'folderFailed',
  'mailFailed',
  'letterQueued',
  'letterAttempt',
  'letterTaken',
  'letterBroke',
  'letterRefused',
  'letterStayed',
  'letterFound',
  'letterNotFound',
  'letterUnknown',
  'letterFiled',
  'letterAnswered',
  'letterReminded',
  'letterRecalled',
  'letterRetried',
  'letterHastened',
  'letterSaidSent',
  'letterSaidNotSent',
] as const;

const SentenceSchema = Type.Object({
  key: Type.Enum(jobLineKeys),
  values: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  /** Why, in words of the translations, and what a server said about it. */
  reason: Type.Optional(Type.Object({ code: Type.String(), said: Type.String() })),
});
export const JobLineTextSchema = Type.Union([Type.String(), SentenceSchema]);
export type JobSentence = Readonly<Static<typeof SentenceSchema>>;
export type JobLineText = string | JobSentence;

const VALUE_LETTERS = 500;

const cut = (text: string): string => text.slice(0, VALUE_LETTERS);

/** No line takes more room than a short one, whatever a server said. */
export function shortenLine(text: JobLineText): JobLineText {
  if (typeof text === 'string') return cut(text);
  const { key, values, reason } = text;
  return {
    key,
    ...(values === undefined
      ? {}
      : {
          values: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
          ),
        }),
    ...(reason === undefined ? {} : { reason: { code: reason.code, said: cut(reason.said) } }),
  };
}
