import { describe, expect, it } from 'vitest';
import { judgePassword, PASSWORD_LENGTH, passwordLength } from '#shared/access/password-policy.ts';
import { readCommonPasswords } from '#server/identity/common-passwords.ts';

const common = await readCommonPasswords();
const words = ['Outpost CRM', 'Mara Lindqvist', 'mara.lindqvist@northwind.example', 'Northwind Traders'];

function judge(password: string, leastLength: number = PASSWORD_LENGTH.alone) {
  return judgePassword(password, { leastLength, words, isCommon: (folded) => common.has(folded) });
}

describe('password policy', () => {
  it('IDT-09 asks for 15 characters alone and 8 beside a second factor, and for nothing about their kind', () => {
    expect(judge('wet green heron')).toBeNull();
    expect(judge('wet green hero')).toBe('tooShort');
    expect(judge('wetheron', PASSWORD_LENGTH.besideFactor)).toBeNull();
    expect(judge('wethero', PASSWORD_LENGTH.besideFactor)).toBe('tooShort');
  });

  it('IDT-09 takes long ones, blanks, every script and emoji, and counts characters as people see them', () => {
    expect(judge('ein langer Spaziergang am Fluß '.repeat(8))).toBeNull();
    expect(judge('длинная прогулка у реки')).toBeNull();
    expect(passwordLength('🦆🦆🦆')).toBe(3);
    expect(judge('🦆 swims past 🌉 in rain')).toBeNull();
    expect(judge('x y '.repeat(100))).toBe('tooLong');
  });

  it('IDT-09 takes two ways of typing the same letter as the same', () => {
    expect(passwordLength('e\u0301')).toBe(passwordLength('\u00e9'));
    expect(passwordLength('ﬁ')).toBe(2);
  });

  it('C3 refuses those that are tried first, also with figures and signs at their ends and in capitals', () => {
    expect(common.size).toBeGreaterThan(40_000);
    for (const password of ['baseball', 'PASSWORD1', 'Sunshine2026!!!', '!!letmein!!2026'])
      expect(judge(password, PASSWORD_LENGTH.besideFactor), password).toBe('commonPassword');
  });

  it('C3 refuses what is made of the name, the address, the organization or the product', () => {
    for (const password of ['maralindqvist2026', 'Northwind-Traders-1', 'outpost-crm-mara-1!', 'lindqvist.northwind'])
      expect(judge(password), password).toBe('contextPassword');
    expect(judge('northwind blows over the harbour')).toBeNull();
  });

  it('C3 refuses the same characters again and again, and characters in a row', () => {
    for (const password of [
      'aaaaaaaaaaaaaaaa',
      'abababababababab',
      '123412341234123412',
      'abcdefghijklmnop',
      '9876543210987654',
    ])
      expect(judge(password), password).toBe('repeatedPassword');
  });
});
