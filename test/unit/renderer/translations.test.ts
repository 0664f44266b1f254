// German says everything English says: the same keys with the same placeholders, and a text for whatever comes out of
// the registry, the catalogues and the sources of the screens.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { permissionCatalogue } from '#shared/access/permissions.ts';
import { refusalReasons, whoCouldNames } from '#shared/access/refusals.ts';
import { recordActions } from '#shared/access/roles.ts';
import { commands } from '#shared/entities/commands.ts';
import { problemCodes } from '#shared/entities/problem-codes.ts';
import { entities } from '#shared/entities/registry.ts';
import { jobLineKeys } from '#shared/jobs/job-lines.ts';
import { errorCatalogue } from '#shared/kernel/errors.ts';
import { rejectionCodes } from '#shared/sync/messages.ts';

const root = path.resolve(import.meta.dirname, '../../..');

function flatten(tree: unknown, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree as Record<string, unknown>)) {
    if (typeof value === 'string') found.set(prefix + key, value);
    else for (const [inner, text] of flatten(value, `${prefix}${key}.`)) found.set(inner, text);
  }
  return found;
}

function readLanguage(language: string): Map<string, string> {
  return flatten(JSON.parse(readFileSync(path.join(root, `resources/translations/${language}.json`), 'utf8')));
}

const en = readLanguage('en');
const de = readLanguage('de');
/** English for these stands in the registry and in the catalogue of permissions. */
const fromRegistry = /^(fields|options|permissions)\./;

const placeholdersOf = (text: string): string[] => (text.match(/\{\{.*?\}\}/g) ?? []).toSorted();
const missingIn = (language: Map<string, string>, keys: Iterable<string>): string[] =>
  [...keys].filter((key) => (language.get(key) ?? '').trim() === '');

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Keys given to `t('…')` as plain literals, in any branch of a conditional that is its first argument. */
function literalKeysOf(source: string): string[] {
  return [...source.matchAll(/\bt\(\s*(?:[^()'"`]*\?\s*)?'([\w.]+)'(?:\s*:\s*'([\w.]+)')?/g)].flatMap((match) =>
    [match[1], match[2]].filter((key) => key !== undefined),
  );
}

describe('the translations', () => {
  test('UI-I18N English and German have the same keys, beside what English takes from the registry', () => {
    expect(missingIn(de, en.keys())).toEqual([]);
    expect(
      missingIn(
        en,
        [...de.keys()].filter((key) => !fromRegistry.test(key)),
      ),
    ).toEqual([]);
  });

  test('UI-I18N a text has the same placeholders in both languages', () => {
    const different = [...en.keys()].filter(
      (key) => placeholdersOf(en.get(key) ?? '').join() !== placeholdersOf(de.get(key) ?? '').join(),
    );
    expect(different).toEqual([]);
  });

  test('UI-I18N every field and every option of the registry has a German name', () => {
    const missing: string[] = [];
    for (const definition of Object.values(entities)) {
      for (const [field, { options }] of Object.entries(definition.fields)) {
        if (!de.has(`fields.${definition.name}.${field}`) && !de.has(`fields.common.${field}`))
          missing.push(`${definition.name}.${field}`);
        for (const { value } of options ?? [])
          if (!de.has(`options.${definition.name}.${field}.${value}`) && !de.has(`options.common.${value}`))
            missing.push(`${definition.name}.${field}=${value}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('UI-I18N German names nothing that the registry does not know', () => {
    const known = new Set(
      Object.values(entities).flatMap(({ name, fields }) =>
        Object.keys(fields).map((field) => `fields.${name}.${field}`),
      ),
    );
    const specific = [...de.keys()].filter((key) => key.startsWith('fields.') && !key.startsWith('fields.common.'));
    expect(specific.filter((key) => !known.has(key))).toEqual([]);
  });

  test('UI-I18N every entity, permission, error, rejection and command has a text', () => {
    const entityKeys = Object.keys(entities).flatMap((name) => [`entities.${name}.one`, `entities.${name}.many`]);
    const both = [
      ...entityKeys,
      ...Object.keys(errorCatalogue).map((code) => `errors.${code}`),
      ...rejectionCodes.map((code) => `attention.reason.${code}`),
      ...Object.keys(commands).map((name) => `commands.${name}`),
    ];
    expect(missingIn(en, both)).toEqual([]);
    expect(missingIn(de, both)).toEqual([]);
    expect(
      missingIn(
        de,
        Object.keys(permissionCatalogue).map((name) => `permissions.${name.replace('.', '_')}`),
      ),
    ).toEqual([]);
  });

  test('AUD-02 UI-I18N the audit has words for every command of the records and of the server', () => {
    const named = sourcesOf(path.join(root, 'src/server')).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bcommand: '([a-zA-Z]+\.[\w.]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(named.length).toBeGreaterThan(20);
    const keys = [...Object.keys(commands), ...new Set(named)].map((name) => `settings.audit.commands.${name}`);
    expect(missingIn(en, keys)).toEqual([]);
    expect(missingIn(de, keys)).toEqual([]);
  });

  test('UI-I18N every problem of a value and every refusal of a right has a text', () => {
    const keys = [
      ...problemCodes.map((code) => `problems.${code}`),
      ...refusalReasons.map((reason) => `refusals.${reason}`),
      ...whoCouldNames.map((who) => `refusals.who.${who}`),
      ...recordActions.flatMap((action) => [`refusals.toDo.${action}`, `refusals.verb.${action}`]),
    ];
    expect(missingIn(en, keys)).toEqual([]);
    expect(missingIn(de, keys)).toEqual([]);
  });

  test('OBS-04 UI-I18N whatever a job of this computer tells has a sentence', () => {
    const sentences = jobLineKeys.map((key) => `localJobs.lines.${key}`);
    const missing = (language: Map<string, string>) =>
      sentences.filter((key) => !language.has(key) && !(language.has(`${key}_one`) && language.has(`${key}_other`)));
    expect([missing(en), missing(de)]).toEqual([[], []]);
  });

  test('UI-I18N every sync policy that can lose a value is explained', () => {
    const policies = new Set(Object.values(entities).flatMap(({ mergePolicies }) => Object.values(mergePolicies)));
    const keys = [...policies, 'incoming'].map((policy) => `attention.policy.${policy}`);
    expect(missingIn(en, keys)).toEqual([]);
    expect(missingIn(de, keys)).toEqual([]);
  });

  test('UI-I18N every key the screens ask for by name exists', () => {
    const missing: string[] = [];
    let count = 0;
    for (const file of sourcesOf(path.join(root, 'src/renderer'))) {
      for (const key of literalKeysOf(readFileSync(file, 'utf8'))) {
        count += 1;
        if (!en.has(key) && !en.has(`${key}_other`)) missing.push(`${path.relative(root, file)}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
    expect(count).toBeGreaterThan(200);
  });
});
