import { existsSync, readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { KEEP_FILES_DAYS, KEEP_FILES_MB, toSetting } from '#shared/files/file-limits.ts';
import type { Preferences } from '#shared/ipc/app-channels.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

const PreferencesSchema = Type.Object({
  theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
  language: Type.Union([Type.Literal('system'), Type.Literal('en'), Type.Literal('de')]),
  // Older files do not have these.
  keepFilesDays: Type.Optional(Type.Integer()),
  keepFilesMb: Type.Optional(Type.Integer()),
});
const initial: Preferences = {
  theme: 'system',
  language: 'system',
  keepFilesDays: KEEP_FILES_DAYS.usual,
  keepFilesMb: KEEP_FILES_MB.usual,
};

function complete(kept: Static<typeof PreferencesSchema>): Preferences {
  return {
    ...kept,
    keepFilesDays: toSetting(kept.keepFilesDays, KEEP_FILES_DAYS),
    keepFilesMb: toSetting(kept.keepFilesMb, KEEP_FILES_MB),
  };
}

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
      return Value.Check(PreferencesSchema, value) ? complete(value) : initial;
    } catch {
      // Not JSON any more: taste is quickly chosen again.
      return initial;
    }
  }
  let current = read();
  return {
    get: () => current,
    set(change) {
      current = {
        theme: change.theme ?? current.theme,
        language: change.language ?? current.language,
        keepFilesDays: change.keepFilesDays ?? current.keepFilesDays,
        keepFilesMb: change.keepFilesMb ?? current.keepFilesMb,
      };
      writeFileAtomically(path, JSON.stringify(current));
      return current;
    },
  };
}
