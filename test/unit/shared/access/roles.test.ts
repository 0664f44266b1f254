import { describe, expect, it } from 'vitest';
import { permissionNames, recordPermissions, resolvePermission } from '#shared/access/permissions.ts';
import { permissionsOf, recordActions, recordScopeOf, resolveRole, type RecordScope } from '#shared/access/roles.ts';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';
import { everyRole } from '../../../support/sample-entities.ts';

const short: Readonly<Record<RecordScope, string>> = { none: '-', own: 'o', team: 't', all: 'a' };

/** Scopes of create, read, update, delete, restore as five letters. */
function rowsOf(role: (typeof everyRole)[number]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entityNames.map((entity) => [
      entity,
      recordActions.map((action) => short[recordScopeOf(role, entity, action)]).join(''),
    ]),
  );
}

const business: readonly EntityName[] = ['account', 'contact', 'lead', 'deal', 'activity', 'task'];
const shared: readonly EntityName[] = [
  'product',
  'taskTemplate',
  'pipeline',
  'customField',
  'team',
  'territory',
  'organization',
  'exchangeRate',
];
/** Who sees the rules themselves: administrators. */
const rules: readonly EntityName[] = ['role', 'fieldRule', 'piiRule'];
/** Nobody else's business, whatever the role. */
const notified = { notificationMark: 'oo-o-', notificationPreference: 'ooo--' };
const all = (names: readonly EntityName[], row: string) => Object.fromEntries(names.map((name) => [name, row]));

describe('reach of the built-in roles', () => {
  it('PER-08 a sales representative works on own and assigned records', () => {
    const rows = {
      ...all(business, 'ooo--'),
      ...all(shared, '-a---'),
      user: '-ao--',
      savedView: 'otooo',
      report: 'otooo',
      dashboard: 'otooo',
      mailTemplate: 'otooo',
      campaign: '-t---',
      reportSchedule: 'ooooo',
      reportRun: '-o---',
      importJob: 'ooooo',
      importPart: 'ooooo',
      dataExport: 'oo---',
      conflict: '-oo--',
      ...notified,
      announcement: '-t---',
      file: '-o---',
      comment: '-o---',
      timeEntry: '-o---',
      stageChange: 'oo---',
      fieldChange: '-o---',
      quota: '-o---',
      goal: '-o---',
      forecastAdjustment: 'oo-oo',
      forecastSubmission: 'oo---',
      pipelineSnapshot: '-o---',
      mailMessage: 'ooooo',
      mailContent: 'ooooo',
      ...all(rules, '-----'),
    };
    expect(rowsOf('sales_rep')).toEqual(rows);
  });

  it('PER-08 a manager works on everything of the own teams and may delete it', () => {
    const rows = {
      ...all(business, 'ttttt'),
      ...all(shared, '-a---'),
      taskTemplate: 'aaaaa',
      user: '-ao--',
      savedView: 'otooo',
      report: 'otooo',
      dashboard: 'otooo',
      mailTemplate: 'otooo',
      campaign: 'ttttt',
      reportSchedule: 'ooooo',
      reportRun: '-o---',
      importJob: 'ooooo',
      importPart: 'ooooo',
      dataExport: 'oo---',
      conflict: '-tt--',
      ...notified,
      announcement: 'tt-o-',
      file: '-t---',
      comment: '-t---',
      timeEntry: '-t---',
      stageChange: 'tt---',
      fieldChange: '-t---',
      quota: 'ttttt',
      goal: 'ttttt',
      forecastAdjustment: 'ot-oo',
      forecastSubmission: 'ot---',
      pipelineSnapshot: '-t---',
      mailMessage: 'otooo',
      mailContent: 'otooo',
      ...all(rules, '-----'),
    };
    expect(rowsOf('manager')).toEqual(rows);
  });

  it('PER-02 PER-04 a viewer reads the organization and writes nothing but the own profile and views', () => {
    const rows = {
      ...all([...business, ...shared], '-a---'),
      user: '-ao--',
      savedView: 'otooo',
      report: 'otooo',
      dashboard: 'otooo',
      mailTemplate: 'otooo',
      campaign: '-a---',
      reportSchedule: 'ooooo',
      reportRun: '-o---',
      importJob: '-----',
      importPart: '-----',
      dataExport: 'oo---',
      conflict: '-a---',
      ...notified,
      announcement: '-t---',
      file: '-a---',
      comment: '-a---',
      timeEntry: '-a---',
      stageChange: '-a---',
      fieldChange: '-a---',
      quota: '-a---',
      goal: '-a---',
      forecastAdjustment: '-a---',
      forecastSubmission: '-a---',
      pipelineSnapshot: '-a---',
      mailMessage: '-a---',
      mailContent: '-a---',
      ...all(rules, '-----'),
    };
    expect(rowsOf('viewer')).toEqual(rows);
  });

  it('PER-08 administrators reach everything of the organization but personal views, and write no history by hand', () => {
    const rows = {
      ...all([...business, ...shared, 'user', 'importJob', 'importPart'], 'aaaaa'),
      customField: 'aaa--',
      dataExport: 'oa---',
      savedView: 'otooo',
      report: 'otooo',
      dashboard: 'otooo',
      mailTemplate: 'otooo',
      campaign: 'aaaaa',
      reportSchedule: 'oaaaa',
      reportRun: '-a---',
      conflict: '-aa--',
      ...notified,
      announcement: 'aa-a-',
      file: '-a---',
      comment: '-a---',
      timeEntry: '-a---',
      stageChange: 'aa---',
      fieldChange: '-a---',
      quota: 'aaaaa',
      goal: 'aaaaa',
      forecastAdjustment: 'oa-oo',
      forecastSubmission: 'oa---',
      pipelineSnapshot: '-a---',
      mailMessage: 'oaooo',
      mailContent: 'oaooo',
      ...all(rules, 'aaaaa'),
    };
    expect(rowsOf('org_admin')).toEqual(rows);
    expect(rowsOf('super_admin')).toEqual(rows);
  });
});

describe('permissions of the built-in roles', () => {
  it('PER-02 the matrix of the first document holds', () => {
    const granted = everyRole.map((role) => [
      role,
      Object.keys(recordPermissions)
        .filter((name) => permissionsOf(role).some((held) => held === name))
        .map((name) => name.slice(7)),
    ]);
    expect(Object.fromEntries(granted)).toEqual({
      super_admin: ['create', 'read', 'update', 'delete', 'analytics', 'manage_users'],
      org_admin: ['create', 'read', 'update', 'delete', 'analytics', 'manage_users'],
      manager: ['create', 'read', 'update', 'delete', 'analytics'],
      sales_rep: ['create', 'read', 'update', 'analytics'],
      viewer: ['read', 'analytics'],
    });
  });

  it('PER-09 only a super administrator holds platform rights', () => {
    for (const role of everyRole) {
      const platform = permissionsOf(role).filter((name) => name.startsWith('platform.'));
      expect(platform).toHaveLength(role === 'super_admin' ? 7 : 0);
    }
    expect(permissionsOf('super_admin')).toEqual(permissionNames);
  });

  it('PER-11 PER-12 a manager holds the nine rights of a manager, a representative the eight of sales', () => {
    expect(permissionsOf('manager')).toEqual(
      expect.arrayContaining(['team.set_goals', 'notifications.send_team_alerts', 'team.manage_members']),
    );
    expect(permissionsOf('sales_rep')).toEqual(
      expect.arrayContaining(['data.import_customers', 'tasks.update_assigned']),
    );
    expect(permissionsOf('sales_rep')).not.toContain('team.manage_members');
  });

  it('PER-01 no role lists a permission twice or one that does not exist', () => {
    for (const role of everyRole) {
      const names = permissionsOf(role);
      expect(new Set(names).size).toBe(names.length);
      expect(names.map((name) => resolvePermission(name))).toEqual(names);
    }
  });

  it('PER-01 PER-04 PER-08 older role names resolve', () => {
    const expected = {
      admin: 'org_admin',
      Admin: 'org_admin',
      sales: 'sales_rep',
      User: 'viewer',
      'Team Manager': 'manager',
      'Sales Representative': 'sales_rep',
      super_admin: 'super_admin',
    };
    for (const [alias, role] of Object.entries(expected)) expect(resolveRole(alias)).toBe(role);
    for (const unknown of ['', 'root', 'constructor']) expect(resolveRole(unknown)).toBeUndefined();
  });
});
