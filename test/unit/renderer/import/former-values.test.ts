import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { packFormerValues, unpackFormerValues, type FormerValue } from '#renderer/data/former-values.ts';
import { importPart } from '#shared/entities/import-part/import-part.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { propertyRuns } from '#test/support/sample-entities.ts';

const value = (id: string, before: unknown, entered: unknown): FormerValue => ({
  entity: 'account',
  id,
  field: 'name',
  before,
  entered,
});

async function unpackAll(parts: readonly string[]): Promise<readonly FormerValue[]> {
  return (await Promise.all(parts.map((part) => unpackFormerValues(part)))).flat();
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
  for (const formerValues of parts) {
    const record = { id: 'part', kind: 'importPart', rev: 0, importId: 'import', formerValues };
    expect(validateRecord(importPart, record)).toEqual([]);
  }
  expect(await unpackAll(parts)).toEqual(values);
});

test('IMP-08 nothing changed, nothing kept', async () => {
  expect(await packFormerValues([])).toEqual([]);
});
