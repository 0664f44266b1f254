// A value that lost a merge, kept until somebody decides. It is a record like any other: it carries owner and team of
// its subject, so whoever sees the subject sees the conflict, and nobody else but the person whose value lost.
import { entityNames, defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';

export const conflict = defineEntity({
  name: 'conflict',
  collection: 'inbox',
  label: 'Conflict',
  labelPlural: 'Conflicts',
  titleField: 'group',
  audience: 'owner',
  fields: {
    subjectEntity: {
      type: 'select',
      label: 'Kind of record',
      required: true,
      options: entityNames.map((name) => ({ value: name, label: name })),
    },
    subjectId: { type: 'text', label: 'Record', required: true, maxLength: 64, indexed: true },
    group: { type: 'text', label: 'What', required: true, maxLength: 64, listed: true },
    base: { type: 'json', label: 'Before both' },
    kept: { type: 'json', label: 'Kept value' },
    lost: { type: 'json', label: 'Other value' },
    keptBy: { type: 'reference', to: 'user', label: 'Kept from', listed: true },
    lostBy: { type: 'reference', to: 'user', label: 'Other value from', indexed: true, listed: true },
    operationId: { type: 'text', label: 'Operation', maxLength: 64 },
    policy: { type: 'text', label: 'Rule', maxLength: 32 },
    severity: {
      type: 'select',
      label: 'Severity',
      options: toOptions({ info: 'For information', open: 'To decide' }),
      indexed: true,
    },
    state: {
      type: 'select',
      label: 'State',
      group: 'state',
      required: true,
      defaultValue: 'open',
      indexed: true,
      listed: true,
      options: toOptions({ open: 'Open', resolved: 'Resolved' }),
    },
    resolution: {
      type: 'select',
      label: 'Decision',
      group: 'state',
      options: toOptions({ kept: 'Value kept', taken: 'Other value taken' }),
    },
    resolvedBy: { type: 'reference', to: 'user', label: 'Decided by', group: 'state' },
    resolvedAt: { type: 'dateTime', label: 'Decided at', group: 'state' },
    subjectOwnerId: { type: 'reference', to: 'user', label: 'Owner of the record' },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    state: 'machine',
    subjectEntity: 'immutable',
    subjectId: 'immutable',
    group: 'immutable',
    base: 'immutable',
    kept: 'immutable',
    lost: 'immutable',
    keptBy: 'immutable',
    lostBy: 'immutable',
    operationId: 'immutable',
    policy: 'immutable',
    severity: 'current',
    subjectOwnerId: 'current',
  },
  transitions: (from) => from['state'] !== 'resolved',
});
export type Conflict = RecordOf<typeof conflict>;
