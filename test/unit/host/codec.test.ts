import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodec } from '#host/page/codec.ts';

const codec = createCodec();
const roundTrip = (value: unknown): unknown => codec.decode(codec.encode(value));

describe('the codec between the worlds', () => {
  it('HOST-19 gives back what structured clone gives back, for any value it can carry', () => {
    const anyValue = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(roundTrip(value)).toEqual(structuredClone(value));
      }),
      { seed: 20_261_121, numRuns: 2_000 },
    );
  });

  it('HOST-19 keeps keys that look like its own tags', () => {
    expect(roundTrip({ $tag: 'date', value: 5 })).toEqual({ $tag: 'date', value: 5 });
    expect(roundTrip([{ $tag: undefined }])).toEqual([{ $tag: undefined }]);
  });

  it('HOST-19 keeps an error’s name and message', () => {
    const error = roundTrip(new TypeError('wrong')) as Error;
    expect([error instanceof Error, error.name, error.message]).toEqual([true, 'TypeError', 'wrong']);
  });

  it('HOST-19 refuses functions, symbols, promises and cycles instead of dropping them', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const refused = [() => undefined, Symbol('x'), Promise.resolve(1), { inside: [() => undefined] }, cycle];
    for (const value of refused) expect(() => codec.encode(value)).toThrow('An object could not be cloned.');
  });

  it('HOST-19 writes plain JSON as JSON, without tags', () => {
    expect(codec.encode({ a: [1, 'x', null, true] })).toBe('j{"a":[1,"x",null,true]}');
  });
});
