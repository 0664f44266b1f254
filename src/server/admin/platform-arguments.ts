// The command line of the installation, made from the table of its calls: `admin list-organizations` is the call
// `listOrganizations`, each field of its input an option. Words are taken as they are, everything else is JSON. `--help` behind a
// call says what the JSON holds.
import { parseArgs } from 'node:util';
import type { TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { ACCENT } from '#shared/brand/accent.ts';
import { EmailSchema, IdSchema, MonthSchema } from '#shared/platform/platform-messages.ts';
import {
  isPlatformCall,
  platformCallNames,
  platformCalls,
  type PlatformCallName,
} from '#shared/platform/platform-calls.ts';

export interface PlatformHelp {
  readonly help: string;
}

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

/** A word, or one of a choice: typed as it is. */
function isWord(schema: TSchema): boolean {
  return 'type' in schema ? schema.type === 'string' : 'enum' in schema;
}

/** A word or nothing at all, which is written `null`. */
function isWordOrNull(schema: TSchema): boolean {
  const parts = partsOf(schema);
  return parts.length === 2 && parts.some((part) => isWord(part)) && parts.some((part) => typeOf(part) === 'null');
}

function partsOf(schema: TSchema): readonly TSchema[] {
  return 'anyOf' in schema ? (schema.anyOf as readonly TSchema[]) : [];
}

function typeOf(schema: TSchema): unknown {
  return 'type' in schema ? schema.type : undefined;
}

/** What a value looks like, for whoever has to write it. */
function shapeOf(schema: TSchema): string {
  const parts = partsOf(schema);
  if (parts.length > 0) return [...new Set(parts.map((part) => shapeOf(part)))].join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if ('enum' in schema) return (schema.enum as readonly unknown[]).map((value) => JSON.stringify(value)).join(' | ');
  switch (typeOf(schema)) {
    case 'object': {
      const { properties } = schema as TObject;
      const required: readonly string[] = (schema as TObject).required ?? [];
      const fields = Object.entries(properties).map(
        ([name, field]) => `"${name}"${required.includes(name) ? '' : '?'}: ${shapeOf(field)}`,
      );
      return `{${fields.join(', ')}}`;
    }
    case 'array':
      return `[${shapeOf((schema as TSchema & { readonly items: TSchema }).items)}, …]`;
    case 'string':
      return '"TEXT"';
    case 'boolean':
      return 'true | false';
    case 'null':
      return 'null';
    default:
      return 'NUMBER';
  }
}

/** One call as a whole: what it does, how it is written, what its JSON holds. */
function helpOf(call: PlatformCallName): string {
  const shapes = fieldsOf(call)
    .filter(([, schema]) => !isWord(schema) && !isWordOrNull(schema) && !isNumber(schema))
    .map(([field, schema]) => `  --${toKebab(field)} '${shapeOf(schema)}'`);
  const hint = shapes.length === 0 ? [] : ['', 'JSON (a ? stands behind what can be left out):', ...shapes];
  const { summary } = platformCalls[call];
  return [`${usageOf(call)} (--data DIR | --database-url URL)`, '', summary, ...hint, ''].join('\n');
}

/** The call somebody meant, by the letters it shares with what was typed; null where nothing is near. */
export function nearestCall(word: string): string | null {
  const pairsOf = (text: string): Set<string> => new Set(Array.from(text).map((_, at) => text.slice(at, at + 2)));
  const typed = pairsOf(word);
  const near = platformCallNames.map((call) => {
    const name = toKebab(call);
    const known = pairsOf(name);
    const common = [...typed].filter((pair) => known.has(pair)).length;
    return { name, share: common / (typed.size + known.size - common) };
  });
  const best = near.toSorted((one, other) => other.share - one.share)[0];
  return best !== undefined && best.share >= 0.5 ? best.name : null;
}

const isNumber = (schema: TSchema): boolean => typeOf(schema) === 'integer' || typeOf(schema) === 'number';

/** What stands behind an option. */
function placeholderOf(field: string, schema: TSchema): string {
  if (isNumber(schema)) return 'NUMBER';
  return isWord(schema) || isWordOrNull(schema) ? toKebab(field).toUpperCase() : 'JSON';
}

function isOptional(call: PlatformCallName, field: string): boolean {
  const schema: TSchema = platformCalls[call].input;
  return !((schema as TObject).required ?? []).includes(field);
}

const patternOf = (schema: TSchema): string => ('pattern' in schema ? String(schema.pattern) : '');

/** What a text looks like, where a pattern says nothing to people. */
const patterns: Readonly<Record<string, string>> = {
  [patternOf(EmailSchema)]: 'is an e-mail address like name@example.com',
  [patternOf(MonthSchema)]: 'is a month like 2026-01',
  [patternOf(IdSchema)]: 'is an id as the lists show it',
  [ACCENT.source]: 'is a colour like #0e7490',
};

function complaintOf({ keyword, params, message }: ReturnType<typeof Value.Errors>[number]): string {
  const named: Readonly<Record<string, unknown>> = { ...params };
  // What no property may hold is a property nobody knows.
  if (keyword === 'boolean') return 'is not known';
  if (keyword === 'pattern') return patterns[String(named['pattern'])] ?? message;
  if (keyword === 'enum') return `is one of ${String(named['allowedValues']).replaceAll(',', ', ')}`;
  return message;
}

/** What is wrong with what was typed, option by option, in the words of whoever typed it. */
function problemsOf(call: PlatformCallName, input: Readonly<Record<string, unknown>>): readonly string[] {
  return fieldsOf(call).flatMap(([field, schema]) => {
    const option = `--${toKebab(field)}`;
    const value = input[field];
    if (value === undefined) return isOptional(call, field) ? [] : [`${option} is missing.`];
    if (Value.Check(schema, value)) return [];
    const [found] = Value.Errors(schema, value);
    if (found === undefined) return [];
    const place = found.instancePath.slice(1).replaceAll('/', '.');
    return [`${option}${place === '' ? '' : `: ${place}`} ${complaintOf(found)}.`];
  });
}

/** How a call is written, for the usage. */
export function usageOf(call: PlatformCallName): string {
  const options = fieldsOf(call).map(([field, schema]) => {
    const option = `--${toKebab(field)} ${placeholderOf(field, schema)}`;
    return isOptional(call, field) ? `[${option}]` : option;
  });
  const format = call === 'readUsage' ? ['[--format csv]'] : [];
  return ['admin', toKebab(call), ...options, ...format].join(' ');
}

export const platformUsage = platformCallNames.map((call) => `  node src/server/cli.ts ${usageOf(call)}`).join('\n');

/** Null when these words are no call of the installation. @throws Error in the words of the person who typed it. */
export function readPlatformCommand(argv: readonly string[]): PlatformCommand | PlatformHelp | null {
  const [first, word] = argv;
  const call = toCamel(word ?? '');
  if (first !== 'admin' || word === undefined || word !== toKebab(call) || !isPlatformCall(call)) return null;
  if (argv.includes('--help')) return { help: helpOf(call) };
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
    if (text === undefined) continue;
    const isText = isWord(schema) || (isWordOrNull(schema) && text !== 'null');
    input[field] = isText ? text : readJson(`--${toKebab(field)}`, schema, text);
  }
  if (!Value.Check(platformCalls[call].input, input))
    throw new Error(`${problemsOf(call, input).join('\n')}\n\n${helpOf(call)}`.trim());
  const { format = 'json', data, 'database-url': databaseUrl } = values;
  if (format !== 'json' && !(format === 'csv' && call === 'readUsage'))
    throw new Error('--format is json, or csv for read-usage.');
  return { call, input, isCsv: format === 'csv', data, databaseUrl };
}

function readJson(option: string, schema: TSchema, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (isNumber(schema)) throw new Error(`${option} is a number, like 5.`, { cause: error });
    throw new Error(`${option} is JSON, like '{"users":5}' or 5.`, { cause: error });
  }
}
