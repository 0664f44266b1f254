import { roleNames } from '#shared/access/actor.ts';
import { roleLabels } from '#shared/access/roles.ts';
import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { MOST_WEEKLY_HOURS } from '#shared/entities/user/working-hours.ts';

/** A colleague as everyone of the organization sees them. Passwords and sessions live elsewhere. */
export const user = defineEntity({
  name: 'user',
  collection: 'people',
  label: 'User',
  labelPlural: 'Users',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    email: { type: 'email', label: 'E-mail', required: true, searchable: true, indexed: true, listed: true },
    role: {
      type: 'select',
      label: 'Role',
      required: true,
      listed: true,
      orRecordOf: 'role',
      options: roleNames.map((value) => ({ value, label: roleLabels[value] })),
    },
    isActive: { type: 'boolean', label: 'Active', defaultValue: true, listed: true },
    managerId: { type: 'reference', to: 'user', label: 'Manager', indexed: true, listed: true },
    territoryId: { type: 'reference', to: 'territory', label: 'Territory', listed: true },
    jobTitle: { type: 'text', label: 'Job title', listed: true },
    phone: { type: 'phone', label: 'Phone' },
    locale: { type: 'text', label: 'Language', maxLength: 16 },
    timeZone: { type: 'text', label: 'Time zone', maxLength: 64 },
    /** Hours of a week; without them the usual ones count. */
    weeklyHours: { type: 'number', label: 'Working hours a week' },
    externalId: { type: 'text', label: 'External id', maxLength: 128, indexed: true },
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', email: 'manual', role: 'current', isActive: 'current', externalId: 'current' },
  validate(record) {
    const { weeklyHours } = record;
    if (typeof weeklyHours === 'number' && (weeklyHours < 0 || weeklyHours > MOST_WEEKLY_HOURS))
      return [{ field: 'weeklyHours', code: 'weeklyHours', message: 'Nobody works so many hours a week.' }];
    if (record['managerId'] !== record['id'] || record['id'] === undefined) return [];
    return [{ field: 'managerId', code: 'cycle', message: 'Nobody reports to themselves.' }];
  },
});
export type User = RecordOf<typeof user>;
