import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../../../..');

/** The kinds that are defined anywhere in the main process, by their source. */
function definedKinds(): readonly string[] {
  const kinds = globSync('src/main/**/*.ts', { cwd: root }).flatMap((file) => {
    const source = readFileSync(path.join(root, file), 'utf8');
    return [...source.matchAll(/jobs\.define(?:<[^(]*>)?\(\{\s*kind: '(\w+)'/g)].map(([, kind]) => kind ?? '');
  });
  return [...new Set(kinds)].sort();
}

it('OBS-04 every kind of job of this computer has a name in both languages', () => {
  const kinds = definedKinds();
  expect(kinds).toEqual(expect.arrayContaining(['backup', 'cleanUp']));
  for (const language of ['en', 'de']) {
    const text = readFileSync(path.join(root, `resources/translations/${language}.json`), 'utf8');
    const { localJobs } = JSON.parse(text) as { localJobs: { kinds: Record<string, string> } };
    expect(kinds.filter((kind) => !(kind in localJobs.kinds))).toEqual([]);
  }
});
