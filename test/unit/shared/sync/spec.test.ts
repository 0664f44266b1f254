// The table of rules in SPEC.md and the tests agree: every rule stands in it once, and a file named as proof names the
// rule in its titles.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const spec = readFileSync(path.join(root, 'src/shared/sync/SPEC.md'), 'utf8');
const rows = [...spec.matchAll(/^\| SYNC-(\d+)\s+\| ([^|]+) \|([^|]*)\|$/gm)].map(([, rule, state, proof]) => ({
  rule: Number(rule),
  state: state ?? '',
  files: [...(proof ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? ''),
}));

describe('SPEC.md of synchronization', () => {
  it('every rule from 1 to 57 stands in the table once', () => {
    expect(rows.map(({ rule }) => rule)).toEqual(Array.from({ length: 57 }, (_, index) => index + 1));
  });

  for (const { rule, state, files } of rows) {
    it(`the proof of rule ${rule} is there and names it`, () => {
      const needsProof = state.startsWith('held') || state.startsWith('in part');
      expect(files.length > 0).toBe(needsProof);
      for (const file of files) {
        expect(readFileSync(path.join(root, 'test', file), 'utf8')).toMatch(new RegExp(`SYNC-0?${rule}\\b`));
      }
    });
  }
});
