// Log lines are JSON on stderr, one per event. What they may carry is an allow list of facts (method, route pattern,
// status, ms, ids), never a body, a header, a token, an e-mail address or a field value of a record: errors are
// reduced to code, class and stack frames, because the message of an engine error may quote the row.
import { pino, type DestinationStream, type Logger } from 'pino';
import { OutpostError } from '#shared/kernel/errors.ts';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export type ServerLog = Logger;

/** Names that never reach a line, wherever someone puts them by mistake. */
const secretPaths = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'databaseUrl',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** The frames of a stack without its first lines, which repeat the message. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
    .join('\n');
}

interface ErrorFacts {
  readonly type: string;
  readonly code: string;
  readonly stack: string;
  readonly message?: string;
  readonly cause?: ErrorFacts;
}

/** Everything of an error that is safe to write down. Our own messages are; those of an SQL engine are not. */
export function describeError(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { type: typeof error, code: '', stack: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return {
    type: error.name,
    code,
    stack: framesOf(error),
    ...(error instanceof OutpostError && error.code !== 'internal' ? { message: error.message } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

export function createLog(level: LogLevel, destination: DestinationStream): ServerLog {
  return pino(
    {
      level,
      base: { service: 'outpost-server' },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[removed]' },
      serializers: { err: describeError, error: describeError, req: () => undefined, res: () => undefined },
    },
    destination,
  );
}
