import { describe, expect, it } from 'vitest';
import { can } from '#shared/access/can.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { createActor, createRecord, sample } from '../../../support/sample-entities.ts';

const imported = createRecord({
  id: '0193d1a0-0000-7000-8000-000000000001-12',
  ownerId: 'me',
  createdBy: 'me',
  teamId: 'north',
});

function mayDelete(record: AnyRecord, permissions = createActor('sales_rep').permissions): boolean {
  return can({
    actor: createActor('sales_rep', { permissions }),
    action: 'delete',
    definition: sample,
    before: record,
    after: null,
  }).ok;
}

describe('undo of an own import', () => {
  it('IMP-08 a sales representative takes back what the own import created', () => {
    expect(mayDelete(imported)).toBe(true);
  });

  it('PER-02 but deletes nothing that was typed in, created by somebody else, or handed over since', () => {
    expect(mayDelete({ ...imported, id: '0193d1a0-0000-7000-8000-000000000001' })).toBe(false);
    expect(mayDelete({ ...imported, createdBy: 'anna' })).toBe(false);
    expect(mayDelete({ ...imported, ownerId: 'anna' })).toBe(false);
  });

  it('IMP-08 the right to import is what allows it', () => {
    expect(mayDelete(imported, ['record.read', 'record.update'])).toBe(false);
  });
});
