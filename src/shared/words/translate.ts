// Texts of the translations for programs without a screen: the same files, the same keys, the same `{{values}}` and plurals.
import { isPlainObject } from '#shared/kernel/json.ts';
import type { Translate } from '#shared/words/names.ts';
import { textOf } from '#shared/kernel/text-of.ts';

function find(texts: unknown, key: string): string | undefined {
  let found: unknown = texts;
  for (const part of key.split('.')) found = isPlainObject(found) ? found[part] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** `texts`: what a file of translations holds; `language`: of its plurals. */
export function createTranslate(texts: unknown, language: string): Translate {
  const plurals = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const keys = [key].flat();
    const { count, defaultValue } = values;
    const suffix = typeof count === 'number' ? `_${plurals.select(count)}` : '';
    const found = keys
      .map((one) => find(texts, `${one}${suffix}`) ?? find(texts, one))
      .find((one) => one !== undefined);
    const text = found ?? (typeof defaultValue === 'string' ? defaultValue : (keys.at(-1) ?? ''));
    return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => (name in values ? textOf(values[name]) : whole));
  };
}
