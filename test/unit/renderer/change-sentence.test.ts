import { readFileSync } from 'node:fs';
import path from 'node:path';
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { createFormat } from '#renderer/app/format/format.ts';
import { entities } from '#shared/entities/registry.ts';
import { createNames } from '#shared/words/names.ts';
import { changeSentence } from '#renderer/features/records/timeline/change-sentence.ts';
import { createRecord } from '../../support/sample-entities.ts';

async function speak(language: 'en' | 'de', entry: Readonly<Record<string, unknown>>): Promise<string> {
  const file = path.resolve(import.meta.dirname, `../../../resources/translations/${language}.json`);
  const i18n = i18next.createInstance();
  const resources = { [language]: { translation: JSON.parse(readFileSync(file, 'utf8')) as object } };
  await i18n.init({ lng: language, resources, interpolation: { escapeValue: false } });
  const words = {
    t: i18n.t,
    format: createFormat(language),
    names: createNames(i18n.t, entities),
    labels: { u1: 'Ada', u2: 'Max' },
  };
  const record = createRecord({ kind: 'stageChange', fromStage: 'a', toStage: 'a', currency: 'EUR', ...entry });
  return changeSentence(words, record).replaceAll('\u00A0', ' ');
}

test('DSK-02 SYNC-57 an entry without a move says in one line what changed', async () => {
  const amounts = { currencyBefore: 'EUR', amountBefore: 1_000_000, amountAfter: 1_200_000 };
  expect(await speak('en', amounts)).toBe('Amount €10,000 → €12,000');
  expect(await speak('de', amounts)).toBe('Betrag 10.000 € → 12.000 €');
  const rest = {
    closeDateBefore: '2026-06-30',
    closeDateAfter: null,
    probabilityBefore: 20,
    probabilityAfter: 40,
    forecastCategoryBefore: 'pipeline',
    forecastCategoryAfter: 'commit',
    ownerBefore: 'u1',
    ownerAfter: 'u2',
  };
  expect(await speak('en', rest)).toBe(
    'Close date Jun 30, 2026 → — · Probability 20 % → 40 % · Forecast category Pipeline → Commit · Owner Ada → Max',
  );
  const other = { currencyBefore: 'EUR', currency: 'USD', amountBefore: 1_000, amountAfter: 1_000 };
  expect(await speak('en', other)).toBe('Amount €10 → $10');
});

test('PER-05 SYNC-57 what is masked or hidden is not told', async () => {
  const masked = { amountBefore: { $masked: '1•••' }, amountAfter: { $masked: '2•••' } };
  expect(await speak('en', masked)).toBe('Amount 1••• → 2•••');
  const same = { amountBefore: { $masked: '•••' }, amountAfter: { $masked: '•••' } };
  expect(await speak('de', same)).toBe('Etwas hat sich geändert, das Ihnen nicht gezeigt wird');
});
