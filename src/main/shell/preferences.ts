import { existsSync, readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Preferences } from '#shared/ipc/contract.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

const PreferencesSchema = Type.Object({
  theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
  language: Type.Union([Type.Literal('system'), Type.Literal('en'), Type.Literal('de')]),
});
const initial: Static<typeof PreferencesSchema> = { theme: 'system', language: 'system' };

export interface PreferenceFile {
  get(): Preferences;
  set(change: { readonly [Name in keyof Preferences]?: Preferences[Name] | undefined }): Preferences;
}

/** What belongs to this computer; a file that cannot be read gives the defaults. */
export function openPreferences(path: string): PreferenceFile {
  function read(): Preferences {
    if (!existsSync(path)) return initial;
    try {
      const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return Value.Check(PreferencesSchema, value) ? value : initial;
    } catch {
      // Not JSON any more: taste is quickly chosen again.
      return initial;
    }
  }
  let current = read();
  return {
    get: () => current,
    set(change) {
      current = { theme: change.theme ?? current.theme, language: change.language ?? current.language };
      writeFileAtomically(path, JSON.stringify(current));
      return current;
    },
  };
}
