import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPositionSealer, type Position } from '#server/sync/token.ts';

const sealer = createPositionSealer(randomBytes(32));

const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$/));
const number = fc.nat({ max: 2 ** 48 - 1 });
const place = fc.nat({ max: 20 });
const position: fc.Arbitrary<Position> = fc
  .record({
    tenantId: id,
    userId: id,
    deviceId: id,
    incarnation: id,
    epoch: fc.nat(),
    seq: number,
    done: fc.nat(),
    total: fc.nat(),
    issuedAtMs: number,
  })
  .chain((shared) =>
    fc.oneof(
      fc.constant({ ...shared, snapshot: null }),
      fc.record({ phase: place, afterId: fc.oneof(id, fc.constant('')) }).map((snapshot) => ({ ...shared, snapshot })),
      fc
        .record({ coll: place, afterId: fc.oneof(id, fc.constant('')) })
        .map((manifest) => ({ ...shared, snapshot: null, manifest })),
    ),
  );

describe('sealed positions', () => {
  it('SYNC-8 come back as they were to their owner', () => {
    fc.assert(
      fc.property(position, (given) => {
        expect(sealer.open(sealer.seal(given), given)).toEqual(given);
      }),
    );
  });

  it('A8 are refused to another user, device and organization, and after any change of a letter', () => {
    fc.assert(
      fc.property(position, fc.nat(), (given, at) => {
        const token = sealer.seal(given);
        const refused = expect.objectContaining({ code: 'bad_token' }) as unknown;
        for (const owner of [
          { ...given, tenantId: `${given.tenantId}x` },
          { ...given, userId: `${given.userId}x` },
          { ...given, deviceId: `${given.deviceId}x` },
          // The parts cannot be shifted against each other.
          { ...given, userId: given.deviceId, deviceId: `${given.userId}-` },
        ])
          expect(() => sealer.open(token, owner)).toThrow(refused);
        // The last letter may carry bits that are no part of the bytes.
        const place = at % (token.length - 1);
        const other = token[place] === 'A' ? 'B' : 'A';
        const changed = token.slice(0, place) + other + token.slice(place + 1);
        expect(() => sealer.open(changed, given)).toThrow(refused);
        expect(() => createPositionSealer(randomBytes(32)).open(token, given)).toThrow(refused);
        for (const text of ['', 'x', token.slice(0, -8), `${token}AAAA`])
          expect(() => sealer.open(text, given)).toThrow(refused);
      }),
      { numRuns: 50 },
    );
  });

  it('SYNC-23 have one length in the log and one between pages, whatever they say; no two are equal', () => {
    const lengths = new Map<string, Set<number>>();
    fc.assert(
      fc.property(position, (given) => {
        const kind = given.snapshot === null && given.manifest === undefined ? 'log' : 'paging';
        const token = sealer.seal({ ...given, incarnation: randomUUID() });
        lengths.set(kind, (lengths.get(kind) ?? new Set()).add(token.length));
        expect(sealer.seal(given)).not.toBe(sealer.seal(given));
      }),
    );
    expect([...(lengths.get('log') ?? [])]).toEqual([123]);
    expect([...(lengths.get('paging') ?? [])]).toEqual([294]);
  });
});
