import { expect, it } from 'vitest';
import type { Actor, RoleName } from '#shared/access/actor.ts';
import { builtInRoles } from '#shared/access/roles.ts';
import { findMappingRefusal, mapRole } from '#shared/sso/map-role.ts';
import { findIssuerProblem, startOfPreset } from '#shared/sso/presets.ts';
import type { RoleMapping } from '#shared/sync/sso-messages.ts';

const mapping: RoleMapping = {
  rules: [
    { group: 'CRM-Managers', role: 'manager' },
    { group: 'staff', role: 'sales_rep' },
  ],
  defaultRole: null,
  createsAccounts: true,
  updatesRoles: false,
};

const actorWith = (role: RoleName): Actor => ({
  tenantId: 't',
  userId: 'u',
  name: 'U',
  email: 'u@example.test',
  role,
  teamIds: [],
  permissions: builtInRoles[role].permissions,
  epoch: 0,
});

it('PER-07 the first rule whose group somebody is in gives the role, without regard to case, else the default', () => {
  expect(mapRole(mapping, ['Staff', 'crm-managers'])).toBe('manager');
  expect(mapRole(mapping, ['STAFF'])).toBe('sales_rep');
  expect(mapRole(mapping, ['staff members'])).toBeNull();
  expect(mapRole({ ...mapping, defaultRole: 'viewer' }, [])).toBe('viewer');
});

it('PER-07 nobody maps a group to a role that may more than they may, and nobody to super administrator', () => {
  const to = (role: string): RoleMapping => ({ ...mapping, rules: [{ group: 'x', role }] });
  expect(findMappingRefusal(actorWith('org_admin'), to('org_admin'))).toBeNull();
  expect(findMappingRefusal(actorWith('org_admin'), to('super_admin'))).toBe('superAdmin');
  expect(findMappingRefusal(actorWith('super_admin'), to('super_admin'))).toBe('superAdmin');
  expect(findMappingRefusal(actorWith('manager'), to('org_admin'))).toBe('grantsMore');
  expect(findMappingRefusal(actorWith('sales_rep'), { ...mapping, rules: [], defaultRole: 'manager' })).toBe(
    'grantsMore',
  );
});

it('INT-01 a preset brings what is known, names what is missing and refuses accounts of every organization', () => {
  expect(findIssuerProblem(startOfPreset('google'))).toBeNull();
  expect(findIssuerProblem(startOfPreset('microsoft'))).toBe('notFilledIn');
  expect(findIssuerProblem(startOfPreset('okta'))).toBe('notFilledIn');
  expect(findIssuerProblem(startOfPreset('generic'))).toBe('notAnAddress');
  const microsoft = (tenant: string) =>
    findIssuerProblem({ ...startOfPreset('microsoft'), issuer: `https://login.microsoftonline.com/${tenant}/v2.0` });
  expect(microsoft('0b3fc178-b730-4e8b-9843-e81259237b77')).toBeNull();
  for (const many of ['common', 'Organizations', 'consumers', '9188040d-6c67-4c5b-b112-36a304b66dad'])
    expect(microsoft(many)).toBe('manyTenants');
  expect(findIssuerProblem({ ...startOfPreset('generic'), issuer: 'file:///etc/passwd' })).toBe('notAnAddress');
});
