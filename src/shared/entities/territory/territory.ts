// A part of the market. Territories form a tree of any shape; the path and the level of each are kept by the server, in the
// transaction that moves it. Who reaches the records of a territory follows from its people and its three switches
// (`access/territory-reach.ts`); which accounts belong to it may follow from its rule (`territory/assignment.ts`).
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { account } from '#shared/entities/account/account.ts';
import { extraFields, extraPolicies, ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { isFilter } from '#shared/query/is-filter.ts';

export const territory = defineEntity({
  name: 'territory',
  collection: 'catalog',
  label: 'Territory',
  labelPlural: 'Territories',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    code: { type: 'text', label: 'Code', maxLength: 40, listed: true },
    territoryType: {
      type: 'select',
      label: 'Type',
      listed: true,
      defaultValue: 'geographic',
      options: toOptions({
        geographic: 'Geographic',
        industry: 'Industry',
        size: 'Company size',
        named: 'Named accounts',
      }),
    },
    parentId: { type: 'reference', to: 'territory', label: 'Parent territory', indexed: true, listed: true },
    hierarchyLevel: { type: 'integer', label: 'Level', system: true },
    hierarchyPath: { type: 'longText', label: 'Path', system: true },
    managerId: { type: 'reference', to: 'user', label: 'Manager', indexed: true, listed: true },
    memberIds: { type: 'references', to: 'user', label: 'Members' },
    memberAccess: {
      type: 'select',
      label: 'Members may',
      defaultValue: 'edit',
      options: toOptions({ view: 'See records', edit: 'See and change records' }),
    },
    shareWithParent: { type: 'boolean', label: 'Share with parent territory', defaultValue: false },
    shareWithChildren: { type: 'boolean', label: 'Share with child territories', defaultValue: false },
    recursiveSharing: { type: 'boolean', label: 'Share over all levels', defaultValue: false },
    rollupMetrics: { type: 'boolean', label: 'Add up the figures of child territories', defaultValue: true },
    ruleFilter: { type: 'json', label: 'Rule for accounts', group: 'rule' },
    ruleOrder: { type: 'integer', label: 'Order of the rule', group: 'rule' },
    ruleToChildren: { type: 'boolean', label: 'Rule applies to child territories', group: 'rule' },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: {
    ...extraPolicies,
    parentId: 'manual',
    managerId: 'manual',
    memberIds: 'set',
    rule: 'manual',
    description: 'text3',
  },
  validate(record) {
    const problems: FieldProblem[] = [];
    if (record['parentId'] === record['id'] && record['id'] !== undefined) {
      problems.push({ field: 'parentId', code: 'cycle', message: 'A territory cannot be its own parent.' });
    }
    const rule = record['ruleFilter'] ?? null;
    if (rule !== null && !isFilter(account, rule)) {
      problems.push({ field: 'ruleFilter', code: 'filter', message: 'This is no rule about fields of an account.' });
    }
    return problems;
  },
});
export type Territory = RecordOf<typeof territory>;
