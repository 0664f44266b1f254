// What is written down of what goes wrong: codes, kinds and places in the code, never a field value, an address with a
// token, or a secret. Messages are written where this program or the system made them; a library quotes what it was given.
import { describeUnexpected, OutpostError } from '#shared/kernel/errors.ts';

/** Of the system, the database file and updates: names of calls, files and constraints. */
function isOfTheSystem(error: Error): boolean {
  const { errno, code } = error as { readonly errno?: unknown; readonly code?: unknown };
  return typeof errno === 'number' || (typeof code === 'string' && /^ERR_(SQLITE|UPDATER)_/.test(code));
}

function describe(error: unknown): string {
  if (error instanceof OutpostError) {
    const { kind, place } = error.details;
    const facts = [kind, place].filter((fact) => typeof fact === 'string').join(' ');
    const cause = error.cause === undefined ? '' : ` <- ${describe(error.cause)}`;
    return `${error.code}: ${error.message}${facts === '' ? '' : ` (${facts})`}${cause}`;
  }
  if (error instanceof Error && isOfTheSystem(error)) return `${error.name}: ${error.message}`;
  const { kind, place } = describeUnexpected(error);
  return place === undefined ? kind : `${kind} at ${place}`;
}

export type LogFacts = Readonly<Record<string, string | number>>;
/** `facts`: ids, names of this program and numbers; nothing anybody typed. */
export type WriteLog = (message: string, error?: unknown, facts?: LogFacts) => void;

export function toLogLine(atMs: number, message: string, error?: unknown, facts: LogFacts = {}): string {
  const what = error === undefined ? {} : { error: describe(error) };
  return `${JSON.stringify({ at: new Date(atMs).toISOString(), message, ...facts, ...what })}\n`;
}

/** One line of JSON on stderr. */
export const writeLog: WriteLog = (message, error, facts) => {
  process.stderr.write(toLogLine(Date.now(), message, error, facts));
};
