import { describe, expect, it } from 'vitest';
import { auditedValues, differenceOf } from '#shared/audit/audited-values.ts';
import { haveWords, wordsOf } from '#shared/audit/entry-words.ts';
import { namedActionNames, namedActionOf } from '#shared/audit/named-actions.ts';
import { compilePolicy, retentionDays, toFacts, type JudgedEntry } from '#shared/audit/policy/audit-policy.ts';
import { parseCondition } from '#shared/audit/policy/condition.ts';
import { holds } from '#shared/audit/policy/judge-condition.ts';
import { isSensitiveEntry } from '#shared/audit/sensitivity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

const entry: JudgedEntry = {
  at: '2026-11-27T21:30:00.000Z',
  actor: 'u1',
  actorEmail: 'ada@example.test',
  device: 'd1',
  session: null,
  command: 'lead_exported',
  effect: 'export',
  action: 'lead_exported',
  entity: 'dataExport',
  id: 'x',
  outcome: 'applied',
  isDone: true,
  isSensitive: true,
  needsReview: false,
  changed: ['personalFields', 'title'],
  detail: { address: '203.0.113.9' },
};
const facts = toFacts(entry);

function isTrue(text: string): boolean {
  const parsed = parseCondition(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.code}`);
  return holds(parsed.condition, facts);
}

describe('conditions of audit policies', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['is_sensitive == True', true],
    ['is_sensitive', true],
    ['not is_sensitive', false],
    ['is_sensitive == False', false],
    ['action in ("lead_exported", "login")', true],
    ["action not in ['lead_exported']", false],
    ['operation == "export" and hour >= 20', true],
    ['operation == "export" and (hour < 20 or weekday == 5)', true],
    ['hour < 20 || weekday != 5', false],
    ['!(hour < 20) && success = true', true],
    ['changed_fields contains "personalFields"', true],
    ['"phone" in changed_fields', false],
    ['user_email contains "@example"', true],
    ['ip_address startswith "203.0.113."', true],
    ['session == None', true],
    ['hour > "a"', false],
    ['user == 1', false],
  ];
  it.each(cases)('AUD-12 %s is %s for an export of leads at night', (text, expected) => {
    expect(isTrue(text)).toBe(expected);
  });

  const wrong: readonly (readonly [string, string, number])[] = [
    ['', 'unfinished', 0],
    ['is_sensitive ==', 'unfinished', 15],
    ['password == "x"', 'unknownName', 0],
    ['constructor', 'unknownName', 0],
    ['user.constructor', 'unknownName', 0],
    ['is_sensitive; drop', 'unexpected', 12],
    ['(hour > 3', 'unfinished', 9],
    ['hour > 3 4', 'unexpected', 9],
    [`${'('.repeat(40)}hour${')'.repeat(40)}`, 'tooDeep', 21],
    ['"a" == '.repeat(200), 'tooLong', 500],
  ];
  it.each(wrong)('AUD-12 %s is refused with what is wrong and where', (text, code, at) => {
    expect(parseCondition(text)).toMatchObject({ ok: false, problem: { code, at } });
  });

  it('AUD-12 a policy is about the kinds and actions it names, and says whom to tell and what to look at', () => {
    const policy = { name: 'p', rules: [{ condition: 'is_sensitive', review: false }], applies_to_actions: ['export'] };
    expect(compilePolicy(policy)(entry, facts)).toEqual({ alerts: true, reviews: false });
    expect(compilePolicy({ ...policy, applies_to_actions: ['read'] })(entry, facts)).toBeNull();
    expect(compilePolicy({ ...policy, applies_to_entities: ['deal'] })(entry, facts)).toBeNull();
    expect(compilePolicy({ ...policy, is_active: false })(entry, facts)).toBeNull();
    expect(compilePolicy({ ...policy, alert_on_violation: false })(entry, facts)).toEqual({
      alerts: false,
      reviews: false,
    });
    expect(compilePolicy({ name: 'all', rules: [] })(entry, facts)).toEqual({ alerts: true, reviews: true });
  });

  it('AUD-12 the longest retention of active policies counts, and seven years without one', () => {
    expect(retentionDays([])).toBe(2555);
    expect(retentionDays([{ name: 'a', rules: [], retention_days: 90 }])).toBe(90);
    const both = [
      { name: 'a', rules: [], retention_days: 90 },
      { name: 'b', rules: [], retention_days: 400 },
      { name: 'c', rules: [], retention_days: 9000, is_active: false },
    ];
    expect(retentionDays(both)).toBe(400);
  });
});

describe('entries of the audit', () => {
  const named = (command: string, entity: string, effect: string, groups: readonly string[] = []) =>
    namedActionOf({ command, entity, effect, groups });

  it('AUD-02 all 23 named actions are known, and entries carry their names', () => {
    expect(namedActionNames).toEqual([
      'login',
      'logout',
      'password_reset',
      'token_refresh',
      'campaign_created',
      'campaign_updated',
      'campaign_deleted',
      'campaign_published',
      'campaign_sent',
      'lead_created',
      'lead_updated',
      'lead_deleted',
      'lead_exported',
      'role_changed',
      'user_deleted',
      'user_created',
      'user_updated',
      'settings_updated',
      'integration_added',
      'integration_removed',
      'system_backup',
      'system_restore',
      'maintenance_mode',
    ]);
    expect(named('signIn', 'user', 'access')).toBe('login');
    expect(named('import', 'lead', 'create')).toBe('lead_created');
    expect(named('updateRecord', 'user', 'update', ['role'])).toBe('role_changed');
    expect(named('updateRecord', 'user', 'update', ['phone'])).toBe('user_updated');
    expect(named('updateRecord', 'deal', 'update', ['stage'])).toBeNull();
  });

  it('AUD-08 before and after are kept by field, long texts by their beginning, and nothing where nothing changed', () => {
    const record = (values: object) => ({ id: 'c', kind: 'contact', rev: 1, ownerId: 'u', ...values }) as AnyRecord;
    const change = { definition: entities.contact, action: 'update', groups: ['phone', 'notes'] } as const;
    const before = record({ phone: '1', email: 'a@b.c' });
    expect(auditedValues({ ...change, before, after: record({ phone: '2', email: 'x@y.z' }) })).toEqual({
      phone: ['1', '2'],
    });
    expect(auditedValues({ ...change, before, after: before })).toBeNull();
    const long = 'x'.repeat(5000);
    const made = auditedValues({ ...change, action: 'create', before: null, after: record({ phone: long }) });
    expect(made?.['phone']).toEqual([null, { $cut: 'x'.repeat(200), length: 5000 }]);
    expect(made?.['ownerId']).toEqual([null, 'u']);
    expect(auditedValues({ ...change, action: 'delete', before, after: before })?.['email']).toEqual(['a@b.c', null]);
    expect(differenceOf({ a: 1, b: [1] }, { a: 2, b: [1] })).toEqual({ a: [1, 2] });
  });

  it('AUD-08 personal data, rights, ways in and data that leaves are sensitive', () => {
    const is = (command: string, entity: string, groups: readonly string[]) =>
      isSensitiveEntry({ command, entity, groups });
    expect(is('updateRecord', 'contact', ['phone'])).toBe(true);
    expect(is('updateRecord', 'contact', ['title'])).toBe(false);
    expect(is('updateRecord', 'role', ['permissions'])).toBe(true);
    expect(is('deal_exported', 'dataExport', [])).toBe(true);
    expect(is('apiKey.create', 'apiKey', [])).toBe(true);
    expect(is('moveDeal', 'deal', ['stage'])).toBe(false);
  });

  it('AUD-01 words are found by their beginnings, in any order', () => {
    const words = wordsOf(['Müller & Söhne', 'ada@example.test', 'createRecord']);
    expect(words).toEqual(['müller', 'söhne', 'ada', 'example', 'test', 'createrecord']);
    expect(haveWords(words, wordsOf(['Söh MÜLL']))).toBe(true);
    expect(haveWords(words, wordsOf(['söhne x']))).toBe(false);
  });
});
