import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { brandOf, noBrand } from '#shared/brand/brand.ts';
import { isLogo, MOST_LOGO_BYTES, readLogo } from '#shared/brand/check-logo.ts';
import { entities } from '#shared/entities/registry.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { chunkOf, makePng, PNG_SIGNATURE } from '#test/support/make-png.ts';

const bytes = makePng(40, 20);
const end = chunkOf('IEND', Buffer.alloc(0));
const toText = (logo: Uint8Array): string => Buffer.from(logo).toString('base64');

describe('IDT-14 a logo', () => {
  it('IDT-14 is a PNG, told by its bytes', () => {
    expect(isLogo(bytes)).toBe(true);
    expect(readLogo(toText(bytes))).toEqual(new Uint8Array(bytes));
    const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    for (const other of [drawing, Buffer.from('GIF89a'), Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(0)])
      expect(isLogo(other)).toBe(false);
    expect(isLogo(Buffer.concat([PNG_SIGNATURE, drawing]))).toBe(false);
  });

  it('IDT-14 is whole to its last byte, and nothing hides behind its end', () => {
    expect(isLogo(bytes.subarray(0, -1))).toBe(false);
    expect(isLogo(Buffer.concat([bytes, Buffer.from('<script>')]))).toBe(false);
    const changed = Buffer.from(bytes);
    changed[20] = 1;
    expect(isLogo(changed)).toBe(false);
    for (let length = 0; length < bytes.length; length += 1) expect(isLogo(bytes.subarray(0, length))).toBe(false);
  });

  it('IDT-14 is small: neither many bytes nor, unpacked, many points', () => {
    expect(isLogo(makePng(513, 1))).toBe(false);
    expect(isLogo(makePng(100_000, 100_000, deflateSync(Buffer.alloc(8))))).toBe(false);
    const noise = Buffer.alloc(MOST_LOGO_BYTES, 7);
    expect(isLogo(makePng(40, 20, noise))).toBe(false);
  });

  it('IDT-14 stands still, and has a picture', () => {
    const beginning = bytes.subarray(0, 8 + 25);
    expect(isLogo(Buffer.concat([beginning, chunkOf('acTL', Buffer.alloc(8)), bytes.subarray(33)]))).toBe(false);
    expect(isLogo(Buffer.concat([beginning, end]))).toBe(false);
  });
});

describe('IDT-14 the record of an organization', () => {
  const problems = (values: Readonly<Record<string, unknown>>) =>
    validateRecord(entities.organization, { currency: 'EUR', ...values }).map(({ field, code }) => `${field} ${code}`);

  it('IDT-14 takes a logo and a colour, and nothing that is neither', () => {
    expect(problems({ brandName: 'Nordwind', brandLogo: toText(bytes), brandAccent: '#0e7490' })).toEqual([]);
    expect(problems({ brandLogo: 'data:image/svg+xml;base64,PHN2Zy8+' })).toEqual(['brandLogo logo']);
    expect(problems({ brandLogo: 'A'.repeat(70_000) })).toEqual(['brandLogo tooLong']);
    expect(problems({ brandAccent: 'red' })).toEqual(['brandAccent color']);
    expect(problems({ brandAccent: '#12;}b' })).toEqual(['brandAccent color']);
  });

  it('IDT-14 is looked at again where it is shown', () => {
    expect(brandOf(null)).toEqual(noBrand);
    expect(brandOf({ brandName: '  ', brandLogo: 'PHN2Zy8+', brandAccent: 'url(x)' })).toEqual(noBrand);
  });
});
