import { expect, test } from 'vitest';
import { projectionOf, toLocalRecord, toStoredRecord } from '#renderer/data/local-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

test.each(Object.values(entities))(
  'SYNC-10 no field of $name is taken for bookkeeping of the local database',
  (definition) => {
    const fields = Object.fromEntries(Object.keys(definition.fields).map((field) => [field, `value of ${field}`]));
    const record = { ...fields, id: 'r1', kind: definition.name, rev: 7 } as unknown as AnyRecord;
    const stored = toStoredRecord(record, [], 'somebody');
    if (stored === null) throw new Error('a record without pending work is always seen');
    expect(projectionOf(stored)).toEqual({ ...record });
    expect(toLocalRecord(stored)).toEqual({ ...record, pending: [] });
  },
);
