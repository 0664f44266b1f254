import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readArguments, UsageError } from '#server/cli-arguments.ts';
import { mailWishOf, readMailSettings } from '#server/mail/mail-settings.ts';

const read = (environment: Readonly<Record<string, string>>) => readMailSettings(mailWishOf(environment));
const from = { OUTPOST_MAIL_FROM: 'Outpost <crm@example.com>' };

test('ANA-17 without a word about mail none is set up', () => {
  expect(read({})).toBeNull();
  expect(read({ OUTPOST_SMTP_URL: '', OUTPOST_MAIL_FROM: '' })).toBeNull();
});

test('ANA-17 a mail server elsewhere is spoken to in cipher unless somebody says otherwise', () => {
  const secured = (url: string) => read({ OUTPOST_SMTP_URL: url, ...from });
  expect(secured('smtp://mail.example.com')).toMatchObject({ port: 587, security: 'starttls', user: null });
  expect(secured('smtps://mail.example.com')).toMatchObject({ port: 465, security: 'tls' });
  expect(secured('smtp://mail.example.com:25?security=none')).toMatchObject({ port: 25, security: 'none' });
  expect(secured('smtp://[::1]:1025')).toMatchObject({ host: '::1', port: 1025, security: 'none' });
});

test('ANA-17 a password comes from the environment or a file, never from the address', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'outpost-mail-'));
  try {
    const file = path.join(folder, 'password');
    writeFileSync(file, 'from a file\n');
    const url = { OUTPOST_SMTP_URL: 'smtp://crm%40example.com@mail.example.com' };
    expect(read({ ...url, ...from, OUTPOST_SMTP_PASSWORD: 'secret' })).toMatchObject({
      user: 'crm@example.com',
      password: 'secret',
    });
    expect(read({ ...url, ...from, OUTPOST_SMTP_PASSWORD_FILE: file })?.password).toBe('from a file');
    expect(() => read({ ...url, ...from })).toThrow(/no password/);
    expect(() => read({ OUTPOST_SMTP_URL: 'smtp://crm:secret@mail.example.com', ...from })).toThrow(/does not belong/);
    expect(() => read({ ...url, ...from, OUTPOST_SMTP_PASSWORD_FILE: path.join(folder, 'none') })).toThrow(
      /cannot be read/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('ANA-17 what is on the command line goes before the environment, and what is wrong is said in words', () => {
  const args = ['--data', 'somewhere', '--smtp-url', 'smtp://localhost:2525', '--mail-from', 'crm@example.com'];
  expect(readArguments(args, { OUTPOST_SMTP_URL: 'smtp://elsewhere' })).toMatchObject({
    mail: { host: 'localhost', port: 2525, security: 'none', from: 'crm@example.com' },
  });
  expect(readArguments(['--data', 'somewhere'])).toMatchObject({ mail: null });
  const usageOf = (...more: readonly string[]) => {
    try {
      readArguments(['--data', 'somewhere', ...more]);
    } catch (error) {
      return error instanceof UsageError ? error.message : 'something else';
    }
    return 'nothing';
  };
  expect(usageOf('--smtp-url', 'http://mail.example.com', '--mail-from', 'crm@example.com')).toContain(
    'smtp://USER@HOST',
  );
  expect(usageOf('--smtp-url', 'smtp://mail.example.com')).toContain('who mail comes from');
  expect(usageOf('--mail-from', 'crm@example.com')).toContain('no server');
});
