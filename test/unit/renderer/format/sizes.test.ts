import { describe, expect, it } from 'vitest';
import { createFormat } from '#renderer/app/format/format.ts';

const sizes = [0, 1, 32, 999, 1000, 1500, 9_960, 45_300, 999_400, 999_999, 2_400_000, 3_000_000_000] as const;

/** Which space stands before a unit is up to the language. */
const told = (locale: string): readonly string[] =>
  sizes.map((count) => createFormat(locale).bytes(count).replaceAll(/\s/g, ' '));

describe('sizes', () => {
  it('CRM-10 says a size below a kilobyte in words and any other in the largest unit that leaves a whole of it, in English and German', () => {
    expect(told('en-GB')).toEqual([
      '0 bytes',
      '1 byte',
      '32 bytes',
      '999 bytes',
      '1 kB',
      '1.5 kB',
      '10 kB',
      '45 kB',
      '999 kB',
      '1 MB',
      '2.4 MB',
      '3 GB',
    ]);
    expect(told('de-DE')).toEqual([
      '0 Byte',
      '1 Byte',
      '32 Byte',
      '999 Byte',
      '1 kB',
      '1,5 kB',
      '10 kB',
      '45 kB',
      '999 kB',
      '1 MB',
      '2,4 MB',
      '3 GB',
    ]);
  });
});
