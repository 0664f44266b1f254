import { describe, expect, it } from 'vitest';
import {
  categoryPermissions,
  managerPermissions,
  organizationPermissions,
  permissionCatalogue,
  permissionNames,
  platformPermissions,
  protectionPermissions,
  recordPermissions,
  resolvePermission,
  salesPermissions,
} from '#shared/access/permissions.ts';

const count = (part: object) => Object.keys(part).length;

describe('the catalogue of permissions', () => {
  it('PER-01 PER-05 PER-09 PER-10 PER-11 PER-12 holds 6 + 26 + 31 names, one of them in two lists, and the one of masking', () => {
    expect(count(recordPermissions)).toBe(6);
    expect(count(categoryPermissions)).toBe(26);
    const dotted = [platformPermissions, organizationPermissions, managerPermissions, salesPermissions].map((part) =>
      count(part),
    );
    expect(dotted).toEqual([7, 7, 9, 8]);
    expect(permissionNames).toHaveLength(6 + 26 + 31 - 1 + count(protectionPermissions));
  });

  it('PER-01 gives every name a short label', () => {
    for (const label of Object.values(permissionCatalogue)) expect(label).toMatch(/^[A-Z].{3,60}$/);
  });

  it('PER-05 PER-06 resolves every older spelling to the one name', () => {
    expect(resolvePermission('CAMPAIGN_DELETE')).toBe('campaign.delete');
    expect(resolvePermission('lead:export')).toBe('lead.export');
    expect(resolvePermission('create')).toBe('record.create');
    expect(resolvePermission('manage_users')).toBe('record.manage_users');
    for (const name of permissionNames) {
      expect(resolvePermission(name)).toBe(name);
      expect(resolvePermission(name.replace('.', ':'))).toBe(name);
      expect(resolvePermission(name.replace('.', '_').toUpperCase())).toBe(name);
    }
  });

  it('PER-06 answers nothing for names nobody defined', () => {
    for (const spelling of ['', 'everything', 'constructor', '__proto__', 'record.', 'toString']) {
      expect(resolvePermission(spelling)).toBeUndefined();
    }
  });
});
