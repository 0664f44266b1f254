// What is told of an error outside of the code in which it happened: kinds, codes, places in the program, and ids. Whatever is not
// on this list does not leave: no message (libraries quote in it what they were given, and that is what people wrote), no value,
// no address, no body. What is written to the local log and what is sent elsewhere are made here, and nowhere else.
import { OutpostError } from '#shared/kernel/errors.ts';

export interface ErrorFrame {
  readonly function: string;
  /** From the folder of the program on; nothing of the computer's own folders. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface ErrorPart {
  readonly kind: string;
  readonly code: string;
  readonly frames: readonly ErrorFrame[];
}

const contextNames = [
  'correlationId',
  'traceId',
  'method',
  'route',
  'tenantId',
  'userId',
  'deviceId',
  'job',
  'queue',
  'place',
] as const;
export type ErrorContext = Readonly<Partial<Record<(typeof contextNames)[number], string>>>;

/** What happened shortly before, in names of this program and numbers. */
export interface Breadcrumb {
  readonly at: string;
  readonly category: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

export const reportLevels = ['error', 'warning', 'info'] as const;
export type ReportLevel = (typeof reportLevels)[number];

export interface ErrorReport {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly at: string;
  readonly level: ReportLevel;
  readonly service: string;
  readonly release: string;
  readonly environment: string;
  /** The error first, then what it was caused by. */
  readonly errors: readonly ErrorPart[];
  readonly context: ErrorContext;
  readonly crumbs: readonly Breadcrumb[];
}

/** Ids, names of routes and of this program; no blank and no @, so neither a sentence nor an e-mail address. */
const HARMLESS = /^[\w.:/()*-]{0,128}$/;
const REMOVED = '[removed]';
const MOST_FRAMES = 30;
const MOST_CAUSES = 4;

export function harmless(text: string): string {
  return HARMLESS.test(text) ? text : REMOVED;
}

function programPath(file: string): string {
  const path = file.replace(/^file:\/\//, '').replaceAll('\\', '/');
  const inside =
    /(?:^|\/)((?:node_modules|src|out|test)\/.*)$/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('/') + 1);
  return harmless(inside);
}

const FRAME = /^\s+at (?:(.*?) \()?((?:file:\/\/|node:|app:|[A-Za-z]:|\/)?[^()]*?):(\d+):(\d+)\)?$/;

function framesOf({ stack = '', message }: Error): readonly ErrorFrame[] {
  // A message of several lines could look like a frame.
  const after = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  return after
    .split('\n')
    .flatMap((line): ErrorFrame[] => {
      const found = FRAME.exec(line);
      if (found === null) return [];
      const [, name = '', file = '', row, column] = found;
      const called = name.replace(/^(async |new )/, '').replace(/ \[as .*\]$/, '');
      return [
        {
          function: harmless(called.replaceAll(/[<>]/g, '')),
          file: programPath(file),
          line: Number(row),
          column: Number(column),
        },
      ];
    })
    .slice(0, MOST_FRAMES);
}

function partOf(error: unknown): ErrorPart {
  if (!(error instanceof Error)) return { kind: typeof error, code: '', frames: [] };
  const code =
    error instanceof OutpostError || ('code' in error && typeof error.code === 'string') ? String(error.code) : '';
  return { kind: harmless(error.name), code: harmless(code), frames: framesOf(error) };
}

/** The error and its causes, as far as they may be told. */
export function describeParts(error: unknown): readonly ErrorPart[] {
  const parts: ErrorPart[] = [];
  let next: unknown = error;
  while (next !== undefined && parts.length < MOST_CAUSES) {
    parts.push(partOf(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return parts;
}

/** Only what is known by name, and only what is harmless of that. */
export function filterContext(context: Readonly<Record<string, unknown>>): ErrorContext {
  return Object.fromEntries(
    contextNames.flatMap((name) => {
      const value = context[name];
      return typeof value === 'string' && value !== '' ? [[name, harmless(value)]] : [];
    }),
  );
}

export function filterFacts(facts: Readonly<Record<string, unknown>>): Breadcrumb['facts'] {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]): [string, string | number][] =>
      typeof value === 'number'
        ? [[harmless(name), value]]
        : typeof value === 'string'
          ? [[harmless(name), harmless(value)]]
          : [],
    ),
  );
}
