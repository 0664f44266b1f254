// That somebody took data out of Outpost: who, when, what and in which form. It is written before the file is, without a
// network, too; the server puts it into the audit with the next synchronization. Written once and never changed. It names
// fields, never values: a filter or a search may hold the name of a person.
import { defineEntity, entityNames, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { exportFormats } from '#shared/export/export-table.ts';

export const analyticsSubjects = ['pivot', 'chart', 'dashboard', 'report', 'forecast'] as const;
export type AnalyticsSubject = (typeof analyticsSubjects)[number];

export const dataExport = defineEntity({
  name: 'dataExport',
  collection: 'reports',
  label: 'Export',
  labelPlural: 'Exports',
  titleField: 'title',
  audience: 'owner',
  fields: {
    title: { type: 'text', label: 'What', required: true, maxLength: 300, listed: true },
    /** `records`, or what of the analytics. */
    subject: {
      type: 'select',
      label: 'Kind',
      required: true,
      listed: true,
      options: toOptions({
        records: 'Records',
        pivot: 'Pivot',
        chart: 'Chart',
        dashboard: 'Dashboard',
        report: 'Report',
        forecast: 'Forecast',
      }),
    },
    source: {
      type: 'select',
      label: 'Records',
      listed: true,
      options: entityNames.map((name) => ({ value: name, label: name })),
    },
    format: {
      type: 'select',
      label: 'Format',
      required: true,
      listed: true,
      options: exportFormats.map((format) => ({ value: format, label: format.toUpperCase() })),
    },
    rowCount: { type: 'integer', label: 'Rows', required: true, listed: true },
    /** Names of fields, as `entity.field`. */
    columns: { type: 'json', label: 'Columns' },
    filteredBy: { type: 'json', label: 'Filtered by' },
    /** Personal data that left Outpost as it is, and what left it masked. */
    personalFields: { type: 'json', label: 'Personal data' },
    maskedFields: { type: 'json', label: 'Masked' },
    /** What is not in it, because this person does not see it. */
    leftOutFields: { type: 'json', label: 'Left out' },
    exportedAt: { type: 'dateTime', label: 'Exported', required: true, listed: true },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'manual',
    title: 'immutable',
    subject: 'immutable',
    source: 'immutable',
    format: 'immutable',
    rowCount: 'immutable',
    columns: 'immutable',
    filteredBy: 'immutable',
    personalFields: 'immutable',
    maskedFields: 'immutable',
    leftOutFields: 'immutable',
    exportedAt: 'immutable',
  },
});
export type DataExport = RecordOf<typeof dataExport>;
