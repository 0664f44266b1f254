import { expect, test } from 'vitest';
import { mayExport, type ExportSubject } from '#shared/access/export-rights.ts';
import type { Actor } from '#shared/access/actor.ts';
import { entities } from '#shared/entities/registry.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

const input = {
  subject: 'records',
  source: 'contact',
  title: 'Contacts',
  format: 'csv',
  rowCount: 3,
  columns: ['name', 'email', 'phone', 'createdAt'].map((field) => ({ entity: 'contact', field })),
  filteredBy: ['ownerId'],
} as const;

const records = (entity: 'lead' | 'deal' | 'user'): ExportSubject => ({ kind: 'records', entity });
const figures = (source: 'lead' | 'deal' | null): ExportSubject => ({ kind: 'analytics', what: 'pivot', source });
const with_ = (...permissions: Actor['permissions']): Actor => ({ ...createActor('viewer', 'me'), permissions });
const isAllowed = (actor: Actor, subject: ExportSubject): boolean => mayExport(actor, subject, entities.deal).ok;

test('IMP-17 leads go with the right to export leads, everything else with the right to export reports, all with that of the organization', () => {
  expect(
    [records('lead'), records('deal'), figures('deal'), figures('lead')].map((subject) =>
      isAllowed(with_('lead.export'), subject),
    ),
  ).toEqual([true, false, false, false]);
  expect(
    [records('lead'), records('deal'), figures('deal'), figures(null), figures('lead')].map((subject) =>
      isAllowed(with_('analytics.export'), subject),
    ),
  ).toEqual([false, true, true, true, false]);
  expect(isAllowed(with_('analytics.export', 'lead.export'), figures('lead'))).toBe(true);
  expect(isAllowed(with_('org.export_data'), records('lead'))).toBe(true);
  expect(isAllowed(with_('org.export_data'), records('user'))).toBe(false);
});

test('IMP-17 of the built-in roles managers and administrators export, representatives and viewers do not', () => {
  const roles = ['super_admin', 'org_admin', 'manager', 'sales_rep', 'viewer'] as const;
  expect(roles.map((role) => isAllowed(createActor(role, 'me'), records('lead')))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(roles.map((role) => isAllowed(createActor(role, 'me'), figures('deal')))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test('IMP-17 an export is one operation that names fields and numbers, personal data among them, and no values', async () => {
  const world = createCommandWorld(createActor('manager', 'user-1'));
  const { operations, recordId } = await world.run('recordExport', input);
  expect(operations).toHaveLength(1);
  expect(operations[0]).toMatchObject({ command: 'contact_exported', entity: 'dataExport', kind: 'create' });
  expect(world.get('dataExport', recordId ?? '')).toMatchObject({
    title: 'Contacts',
    rowCount: 3,
    columns: ['contact.name', 'contact.email', 'contact.phone', 'contact.createdAt'],
    filteredBy: ['ownerId'],
    personalFields: expect.arrayContaining(['contact.email', 'contact.phone']) as unknown,
    ownerId: 'user-1',
  });
  expect(world.get('dataExport', recordId ?? '')['maskedFields'] ?? null).toBeNull();
});

test('IMP-17 PER-15 what is masked is written down as masked, what is hidden cannot be exported', async () => {
  const modes = { name: 'view', email: 'mask' } as const;
  const actor: Actor = { ...createActor('manager', 'user-1'), fields: { contact: modes } };
  const world = createCommandWorld(actor);
  expect((await world.refuse('recordExport', input)).code).toBe('invalid');
  const seen = { ...input, columns: ['name', 'email'].map((field) => ({ entity: 'contact', field })) };
  const { recordId } = await world.run('recordExport', seen);
  const written = world.get('dataExport', recordId ?? '');
  expect(written['maskedFields']).toEqual(['contact.email']);
  expect(written['personalFields'] ?? []).not.toContain('contact.email');
});

test('IMP-17 PER-15 what somebody else would find in the file is written down as left out, as far as it really was', async () => {
  const modes = { name: 'view', email: 'mask' } as const;
  const world = createCommandWorld({ ...createActor('manager', 'user-1'), fields: { contact: modes } });
  const columns = [{ entity: 'contact', field: 'name' }];
  const leftOut = ['name', 'email', 'phone'].map((field) => ({ entity: 'contact', field }));
  const { recordId } = await world.run('recordExport', { ...input, columns, leftOut });
  expect(world.get('dataExport', recordId ?? '')['leftOutFields']).toEqual(['contact.email', 'contact.phone']);
});

test('IMP-17 ANA-17 a dashboard with leads in it needs the right to export leads, one without them does not', async () => {
  const manager = createActor('manager', 'user-1');
  const permissions = manager.permissions.filter((name) => name !== 'lead.export');
  const world = createCommandWorld({ ...manager, permissions });
  const dashboard = { ...input, subject: 'dashboard', source: null, filteredBy: [] };
  const ofDeals = [{ entity: 'deal', field: 'amount' }];
  await world.run('recordExport', { ...dashboard, columns: ofDeals });
  const withLeads = [...ofDeals, { entity: 'lead', field: 'score' }];
  const refusal = await world.refuse('recordExport', { ...dashboard, columns: withLeads });
  expect(refusal).toMatchObject({ code: 'action_forbidden', details: { reason: 'export' } });
});

test('IMP-17 without the right nothing is recorded, and the refusal says whose decision it is', async () => {
  const world = createCommandWorld(createActor('sales_rep', 'user-1'));
  const refusal = await world.refuse('recordExport', { ...input, source: 'lead', columns: [] });
  expect(refusal).toMatchObject({ code: 'action_forbidden', details: { reason: 'export', who: 'admin' } });
});

test('AUD-07 nobody changes or deletes what was written about an export, not even an administrator', async () => {
  for (const role of ['manager', 'org_admin', 'super_admin'] as const) {
    const world = createCommandWorld(createActor(role, 'user-1'));
    const { recordId } = await world.run('recordExport', input);
    const place = { entity: 'dataExport', id: recordId };
    expect((await world.refuse('updateRecord', { ...place, values: { rowCount: 0 } })).code).toBe('action_forbidden');
    expect((await world.refuse('deleteRecord', place)).code).toBe('action_forbidden');
  }
});
