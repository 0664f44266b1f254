import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTreeProblem, heightBelow, MOST_LEVELS, placesOfTree } from '#shared/access/tree.ts';
import { propertyRuns } from '#test/support/sample-entities.ts';

const chain = (length: number): ReadonlyMap<string, string | null> =>
  new Map<string, string | null>(
    Array.from({ length }, (_, index) => [`n${index}`, index === 0 ? null : `n${index - 1}`] as const),
  );

describe('a tree of records', () => {
  it('A12 a record below itself is a cycle, whatever the way', () => {
    const parents = new Map(chain(5)).set('n1', 'n4');
    expect(findTreeProblem('n1', (id) => parents.get(id) ?? null, 0)).toBe('cycle');
    expect(findTreeProblem('n0', () => null, 0)).toBeNull();
  });

  it('A12 levels are counted above and below the record', () => {
    const parents = chain(MOST_LEVELS);
    const parentOf = (id: string) => parents.get(id) ?? null;
    expect(findTreeProblem(`n${MOST_LEVELS - 1}`, parentOf, 0)).toBeNull();
    expect(findTreeProblem(`n${MOST_LEVELS - 1}`, parentOf, 1)).toBe('tooDeep');
    expect(heightBelow('n0', chain(7))).toBe(6);
    // A cycle the record is no part of ends the walk as well.
    expect(findTreeProblem('x', (id) => (id === 'a' ? 'b' : 'a'), 0)).toBe('tooDeep');
    expect(
      heightBelow(
        'a',
        new Map([
          ['a', 'b'],
          ['b', 'a'],
        ]),
      ),
    ).toBe(MOST_LEVELS);
  });

  it('TER-03 a path is the path of the parent and the own id, and the level counts its steps', () => {
    const parents = fc
      .array(fc.nat(), { maxLength: 12 })
      .map(
        (drawn) =>
          new Map(
            drawn.map((parent, index) => [`n${index}`, index === 0 || parent % 4 === 0 ? null : `n${parent % index}`]),
          ),
      );
    fc.assert(
      fc.property(parents, (tree) => {
        const places = placesOfTree(tree);
        expect([...places.keys()].sort()).toEqual([...tree.keys()].sort());
        for (const [id, parentId] of tree) {
          const above = parentId === null ? undefined : places.get(parentId);
          expect(places.get(id)).toEqual({ path: `${above?.path ?? '/'}${id}/`, level: (above?.level ?? -1) + 1 });
        }
      }),
      propertyRuns,
    );
  });

  it('A12 a stored cycle or a missing parent still gives everything a place', () => {
    const places = placesOfTree(
      new Map([
        ['a', 'b'],
        ['b', 'a'],
        ['c', 'gone'],
      ]),
    );
    expect([...places.keys()].sort()).toEqual(['a', 'b', 'c']);
    expect(places.get('c')).toEqual({ path: '/c/', level: 0 });
  });
});
