// The command line of the installation, made from the table of its calls: `admin list-organizations` is the call
// `listOrganizations`, each field of its input an option. Words are taken as they are, everything else is JSON.
import { parseArgs } from 'node:util';
import type { TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import {
  isPlatformCall,
  platformCallNames,
  platformCalls,
  type PlatformCallName,
} from '#shared/platform/platform-calls.ts';
import { limitNames } from '#shared/platform/plans.ts';

export interface PlatformCommand {
  readonly call: PlatformCallName;
  readonly input: Readonly<Record<string, unknown>>;
  /** As a table, for whoever bills. */
  readonly isCsv: boolean;
  readonly data: string | undefined;
  readonly databaseUrl: string | undefined;
}

const toKebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const toCamel = (name: string): string => name.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());

function fieldsOf(call: PlatformCallName): readonly (readonly [string, TSchema])[] {
  const schema: TSchema = platformCalls[call].input;
  return Object.entries((schema as TObject).properties);
}

function isWord(schema: TSchema): boolean {
  return 'type' in schema ? schema.type === 'string' : 'enum' in schema;
}

function isOptional(call: PlatformCallName, field: string): boolean {
  const schema: TSchema = platformCalls[call].input;
  return !((schema as TObject).required ?? []).includes(field);
}

/** How a call is written, for the usage. */
export function usageOf(call: PlatformCallName): string {
  const options = fieldsOf(call).map(([field, schema]) => {
    const option = `--${toKebab(field)} ${isWord(schema) ? toKebab(field).toUpperCase() : 'JSON'}`;
    return isOptional(call, field) ? `[${option}]` : option;
  });
  const format = call === 'readUsage' ? ['[--format csv]'] : [];
  return ['admin', toKebab(call), ...options, ...format].join(' ');
}

export const platformUsage = platformCallNames.map((call) => `  node src/server/cli.ts ${usageOf(call)}`).join('\n');

/** Null when these words are no call of the installation. @throws Error in the words of the person who typed it. */
export function readPlatformCommand(argv: readonly string[]): PlatformCommand | null {
  const [first, word] = argv;
  const call = toCamel(word ?? '');
  if (first !== 'admin' || word === undefined || word !== toKebab(call) || !isPlatformCall(call)) return null;
  const fields = fieldsOf(call);
  const options = Object.fromEntries(
    ['data', 'database-url', 'format', ...fields.map(([field]) => toKebab(field))].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  );
  const { values } = parseArgs({ args: argv.slice(2), options, strict: true });
  const input: Record<string, unknown> = {};
  for (const [field, schema] of fields) {
    const text = values[toKebab(field)];
    if (text !== undefined) input[field] = isWord(schema) ? text : readJson(`--${toKebab(field)}`, text);
  }
  if (!Value.Check(platformCalls[call].input, input)) throw new Error(`Write: ${usageOf(call)}${hintOf(call)}`);
  const { format = 'json', data, 'database-url': databaseUrl } = values;
  if (format !== 'json' && !(format === 'csv' && call === 'readUsage'))
    throw new Error('--format is json, or csv for read-usage.');
  return { call, input, isCsv: format === 'csv', data, databaseUrl };
}

function readJson(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${option} is JSON, like '{"users":5}' or 5.`, { cause: error });
  }
}

function hintOf(call: PlatformCallName): string {
  if (call !== 'setSubscription' && call !== 'savePlans') return '';
  return `\nLimits are ${limitNames.join(', ')}, each a number or null for none.`;
}
