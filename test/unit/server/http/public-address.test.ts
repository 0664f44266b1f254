import { expect, it } from 'vitest';
import { readArguments, UsageError } from '#server/cli-arguments.ts';
import { createPublicAddress, PublicAddressError, readPublicAddress } from '#server/http/public-address.ts';

const listening = (address: string, family = 'IPv4') => ({ address: () => ({ address, family, port: 8787 }) });

it('C5 links are made with the address the operator gave, an origin over https', () => {
  expect(readPublicAddress(' https://crm.example.com/ ')).toBe('https://crm.example.com');
  expect(readPublicAddress('http://127.0.0.1:8787')).toBe('http://127.0.0.1:8787');
  for (const wrong of [
    'crm.example.com',
    'http://crm.example.com',
    'https://user:secret@crm.example.com',
    'https://crm.example.com/path',
    'https://crm.example.com/?a=b',
    'ftp://crm.example.com',
  ])
    expect(() => readPublicAddress(wrong), wrong).toThrow(PublicAddressError);
});

it('C5 without it a server knows only the address for this computer alone', () => {
  expect(createPublicAddress(undefined, listening('127.0.0.1'))()).toBe('http://127.0.0.1:8787');
  expect(createPublicAddress(undefined, listening('::1', 'IPv6'))()).toBe('http://[::1]:8787');
  expect(createPublicAddress(undefined, listening('0.0.0.0'))()).toBeNull();
  expect(createPublicAddress('https://crm.example.com', listening('0.0.0.0'))()).toBe('https://crm.example.com');
});

it('C5 the command line goes before the environment, and what is wrong is said', () => {
  const environment = { OUTPOST_PUBLIC_URL: 'https://a.example.com' };
  expect(readArguments(['--data', 'x'], environment)).toMatchObject({ publicUrl: 'https://a.example.com' });
  expect(readArguments(['--data', 'x', '--public-url', 'https://b.example.com'], environment)).toMatchObject({
    publicUrl: 'https://b.example.com',
  });
  expect(readArguments(['--data', 'x'])).toMatchObject({ publicUrl: null });
  expect(() => readArguments(['--data', 'x', '--public-url', 'b'])).toThrow(UsageError);
});
