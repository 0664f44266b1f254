import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packFormerValues, unpackFormerValues } from '#renderer/data/former-values.ts';
import { forgetFormerValues } from '#server/privacy/forget-former-values.ts';
import { importPart } from '#shared/entities/import-part/import-part.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import type { FormerValue } from '#shared/import/former-values.ts';
import { propertyRuns } from '#test/support/sample-entities.ts';

const value = (id: string, before: unknown, entered: unknown): FormerValue => ({
  entity: 'account',
  id,
  field: 'name',
  before,
  entered,
});

type Parts = Awaited<ReturnType<typeof packFormerValues>>;

async function unpackAll(parts: Parts): Promise<readonly FormerValue[]> {
  return (await Promise.all(parts.map(({ formerValues }) => unpackFormerValues(formerValues)))).flat();
}

test('IMP-08 former values come back exactly as they were packed, whatever stood in them', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.integer(), fc.array(fc.string()));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 40 }), async (pairs) => {
      const values = pairs.map(([before, entered], index) => value(String(index), before, entered));
      expect(await unpackAll(await packFormerValues(values))).toEqual(values);
    }),
    { ...propertyRuns, numRuns: 100 },
  );
});

test('IMP-08 every part fits into a record, also when nothing of it compresses', async () => {
  const letters = Array.from({ length: 20_000 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_000)));
  const noise = (seed: number) =>
    letters.map((_, at) => letters[(at * (seed * 2 + 1) + seed) % letters.length]).join('');
  const values = Array.from({ length: 30 }, (_, index) => value(String(index), noise(index), noise(index + 100)));
  const parts = await packFormerValues(values);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    const record = { id: 'part', kind: 'importPart', rev: 0, importId: 'import', ...part };
    expect(validateRecord(importPart, record)).toEqual([]);
  }
  expect(await unpackAll(parts)).toEqual(values);
});

test('IMP-08 nothing changed, nothing kept', async () => {
  expect(await packFormerValues([])).toEqual([]);
});

test('SYNC-52 what an import keeps of an erased person goes, what it keeps of others stays', async () => {
  const values = ['ann', 'bob', 'ann'].map((id, index) => value(id, `Was ${id} ${index}`, `Is ${id} ${index}`));
  const [part] = await packFormerValues(values);
  const forgotten = forgetFormerValues({ ...part }, ['ann']);
  expect(forgotten?.recordIds).toEqual(['bob']);
  expect(await unpackFormerValues(forgotten?.formerValues ?? '')).toEqual([values[1]]);
  expect(forgetFormerValues({ ...part }, ['ann', 'bob'])).toBe(null);
});
