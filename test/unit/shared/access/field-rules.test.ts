import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFieldPolicy, explainField } from '#shared/access/compile-field-policy.ts';
import {
  fieldModeOf,
  fieldModes,
  hiddenGroupsOf,
  isMasked,
  lesserMode,
  withoutMasked,
  type FieldMode,
  type FieldPolicy,
} from '#shared/access/field-policy.ts';
import { ANY, governedEntities, isGoverned, type FieldRule } from '#shared/access/governed-fields.ts';
import { maskSampleOf } from '#shared/access/mask-sample.ts';
import { maskConfigOf, maskPartially } from '#shared/access/masking.ts';
import { project } from '#shared/access/project.ts';
import { diffGroups } from '#shared/entities/build-operation.ts';
import { groupOfField, type AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { createActor, createRecord, propertyRuns } from '../../../support/sample-entities.ts';

const { deal, contact } = entities;
const governed = Object.keys(deal.fields).filter((field) => isGoverned(deal, field));
const someMode = fc.constantFrom(...fieldModes);
const someRules = fc
  .dictionary(fc.constantFrom(...governed), someMode)
  .map((modes) =>
    Object.entries(modes).map(([field, mode]): FieldRule => ({ role: 'sales_rep', entity: 'deal', field, mode })),
  );
const someValues = fc.record(
  Object.fromEntries(governed.map((field) => [field, fc.constantFrom('a', 'b', 'c', null)])),
);

const policyOf = (rules: readonly FieldRule[], role = 'sales_rep', pii: readonly string[] = []): FieldPolicy =>
  compileFieldPolicy({
    role,
    rules,
    pii: pii.map((name) => ({ entity: name.split('.')[0] ?? '', field: name.split('.')[1] ?? '', isPii: true })),
  });

function see(rules: readonly FieldRule[], record: AnyRecord): AnyRecord {
  const visible = project(createActor('sales_rep', { fields: policyOf(rules) }), deal, record);
  if (visible === null) throw new Error('not visible');
  return visible;
}

const stored = (values: object): AnyRecord => createRecord({ ownerId: 'me', kind: 'deal', ...values });

describe('laws of the projection', () => {
  it('SYNC-16 projecting twice is projecting once', () => {
    fc.assert(
      fc.property(someRules, someValues, (rules, values) => {
        const once = see(rules, stored(values));
        expect(see(rules, once)).toEqual(once);
      }),
      propertyRuns,
    );
  });

  it('PER-15 a mode that allows more never shows less', () => {
    const shown = (value: unknown) => (value === undefined ? 0 : isMasked(value) ? 1 : 2);
    fc.assert(
      fc.property(someRules, someRules, someValues, (left, right, values) => {
        const fields = new Set([...left, ...right].map(({ field }) => field));
        const modeIn = (rules: readonly FieldRule[], field: string): FieldMode =>
          rules.find((rule) => rule.field === field)?.mode ?? 'edit';
        const strict = [...fields].map((field): FieldRule => ({
          role: 'sales_rep',
          entity: 'deal',
          field,
          mode: lesserMode(modeIn(left, field), modeIn(right, field)),
        }));
        const [less, more] = [see(strict, stored(values)), see(left, stored(values))];
        for (const field of governed) expect(shown(less[field])).toBeLessThanOrEqual(shown(more[field]));
      }),
      propertyRuns,
    );
  });

  it('SYNC-30 patching visible groups and then looking is looking and then patching', () => {
    fc.assert(
      fc.property(someRules, someValues, someValues, (rules, values, changes) => {
        const policy = policyOf(rules);
        const visible = Object.entries(changes).filter(([field]) => {
          const mode = fieldModeOf(policy, 'deal', field);
          return mode === 'view' || mode === 'edit';
        });
        const patch = Object.fromEntries(visible);
        expect(see(rules, { ...stored(values), ...patch })).toEqual({ ...see(rules, stored(values)), ...patch });
      }),
      propertyRuns,
    );
  });

  it('SYNC-22 what is seen never depends on what is hidden', () => {
    fc.assert(
      fc.property(someRules, someValues, someValues, (rules, values, others) => {
        const policy = policyOf(rules);
        const hidden = Object.entries(others).filter(([field]) => fieldModeOf(policy, 'deal', field) === 'hidden');
        const other = { ...stored(values), ...Object.fromEntries(hidden) };
        expect(JSON.stringify(see(rules, other))).toBe(JSON.stringify(see(rules, stored(values))));
      }),
      propertyRuns,
    );
  });

  it('SYNC-30 an operation written by somebody who sees in part names nothing of the rest', () => {
    fc.assert(
      fc.property(someRules, someValues, someValues, (rules, values, wishes) => {
        const policy = policyOf(rules);
        const wanted = Object.entries(wishes).filter(([field]) => fieldModeOf(policy, 'deal', field) === 'edit');
        for (const change of diffGroups(deal, see(rules, stored(values)), Object.fromEntries(wanted), policy)) {
          for (const field of Object.keys({ ...change.base, ...change.to }))
            expect(fieldModeOf(policy, 'deal', field)).toBe('edit');
          expect(isMasked([change.base, change.to ?? {}])).toBe(false);
        }
      }),
      propertyRuns,
    );
  });
});

describe('from rules to modes', () => {
  const rule = (field: string, mode: FieldMode, role = 'sales_rep'): FieldRule => ({
    role,
    entity: 'contact',
    field,
    mode,
  });

  it('PER-22 a field nobody wrote a rule for takes the default of the organization, which is what the record allows', () => {
    expect(policyOf([])).toEqual({});
    const standard: FieldRule = { role: ANY, entity: ANY, field: ANY, mode: 'view' };
    const policy = policyOf([standard, rule('email', 'edit')]);
    expect(fieldModeOf(policy, 'contact', 'phone')).toBe('view');
    expect(fieldModeOf(policy, 'contact', 'email')).toBe('edit');
    expect(fieldModeOf(policy, 'contact', 'ownerId')).toBe('edit');
  });

  it('PER-18 personal data is masked for every role that no rule grants it to', () => {
    expect(fieldModeOf(policyOf([], 'sales_rep', ['contact.email']), 'contact', 'email')).toBe('mask');
    expect(fieldModeOf(policyOf([rule('email', 'view')], 'sales_rep', ['contact.email']), 'contact', 'email')).toBe(
      'view',
    );
    expect(fieldModeOf(policyOf([rule('email', 'edit')], 'viewer', ['contact.email']), 'contact', 'email')).toBe(
      'mask',
    );
    expect(policyOf([], 'org_admin', ['contact.email'])).toEqual({});
  });

  it('PER-16 of two rules for the same field the stricter one holds, and rules of other roles do not', () => {
    const policy = policyOf([rule('email', 'edit'), rule('email', 'hidden'), rule('phone', 'hidden', 'viewer')]);
    expect(fieldModeOf(policy, 'contact', 'email')).toBe('hidden');
    expect(fieldModeOf(policy, 'contact', 'phone')).toBe('edit');
  });

  it('SYNC-22 the policy that travels names no hidden field', () => {
    expect(JSON.stringify(policyOf([rule('birthday', 'hidden')]))).not.toContain('birthday');
  });

  it('SYNC-22 a field made of others is never more visible than they are, unless a rule names it', () => {
    expect(fieldModeOf(policyOf([rule('lastName', 'mask')]), 'contact', 'name')).toBe('mask');
    expect(fieldModeOf(policyOf([rule('lastName', 'mask'), rule('name', 'edit')]), 'contact', 'name')).toBe('edit');
    const amount = policyOf([{ role: 'sales_rep', entity: 'deal', field: 'amount', mode: 'hidden' }]);
    expect(fieldModeOf(amount, 'stageChange', 'amountAfter')).toBe('hidden');
    expect(fieldModeOf(amount, 'stageChange', 'closeDateAfter')).toBe('edit');
  });

  it('PER-24 every mode has its reason, and the reason says the mode that holds', () => {
    fc.assert(
      fc.property(someRules, (rules) => {
        const all = { role: 'sales_rep', rules, pii: [] };
        const policy = compileFieldPolicy(all);
        for (const field of Object.keys(deal.fields))
          expect(explainField(all, 'deal', field).mode).toBe(fieldModeOf(policy, 'deal', field));
      }),
      propertyRuns,
    );
    expect(explainField({ role: 'org_admin', rules: [], pii: [] }, 'deal', 'amount').by).toBe('administrator');
    expect(explainField({ role: 'viewer', rules: [], pii: [] }, 'deal', 'stageId').by).toBe('ungoverned');
    expect(
      explainField({ role: 'sales_rep', rules: [rule('lastName', 'hidden')], pii: [] }, 'contact', 'name'),
    ).toEqual({
      mode: 'hidden',
      by: 'derived',
      from: 'contact.lastName',
    });
  });

  it('SYNC-23 a group counts as hidden only when all of it is', () => {
    const policy = policyOf(['amount'].map((field) => ({ role: 'sales_rep', entity: 'deal', field, mode: 'hidden' })));
    expect(hiddenGroupsOf(policy, deal)).toEqual([]);
    const both = policyOf(
      ['amount', 'currency'].map((field) => ({ role: 'sales_rep', entity: 'deal', field, mode: 'hidden' })),
    );
    expect(hiddenGroupsOf(both, deal)).toEqual([groupOfField(deal, 'amount')]);
  });
});

describe('masks', () => {
  it('PER-17 the ends that are shown never make up half of a value, and the rest does not tell how long it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(8), fc.nat(8), (text, showFirst, showLast) => {
        const masked = maskPartially(text, { showFirst, showLast, maskChar: '*' });
        const length = Array.from(text).length;
        const shown = Array.from(masked).length - 5;
        expect(shown * 2).toBeLessThanOrEqual(length);
        expect([0, showFirst + showLast]).toContain(shown);
      }),
      propertyRuns,
    );
    expect(maskPartially('erika@example.com', { showFirst: 2, showLast: 3, maskChar: '•' })).toBe('er•••••com');
  });

  it('PER-17 yes and no are not told by their ends, and a list is masked as it is written', () => {
    const config = { showFirst: 2, showLast: 0, maskChar: '*' };
    expect([maskPartially(true, config), maskPartially(false, config)]).toEqual(['*****', '*****']);
    expect(maskPartially(['Partner', 'Trade fair'], config)).toBe('Pa*****');
  });

  it('PER-17 every field that can be masked has a sample that it could hold', () => {
    for (const entity of governedEntities) {
      const definition = entities[entity];
      for (const field of Object.keys(definition.fields).filter((name) => isGoverned(definition, name))) {
        const problems = validateRecord(definition, { [field]: maskSampleOf(definition, field) });
        expect(problems.filter((problem) => problem.field === field)).toEqual([]);
      }
    }
  });

  it('PER-18 a configuration that cannot be used takes the default', () => {
    expect(maskConfigOf({ showFirst: 99, showLast: -1, maskChar: '**' })).toEqual({
      showFirst: 2,
      showLast: 0,
      maskChar: '*',
    });
    expect(maskConfigOf(null)).toEqual(maskConfigOf({}));
  });

  it('SYNC-31 what is masked counts as not known', () => {
    expect(withoutMasked({ a: 1, b: { $masked: 'x' } })).toEqual({ a: 1 });
    expect(contact.fields['email']?.pii).toBe(true);
  });
});
