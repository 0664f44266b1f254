// docs/security.md says which test shows what. A test that was renamed or removed makes the document untrue: it is found here.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const document = readFileSync('docs/security.md', 'utf8');
const rows = document.split('\n').filter((line) => /^\| V\d+\.\d+\.\d+ \|/.test(line));
const cellsOf = (row: string) =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

/** `folder/file › title` in backticks. */
const references = [...document.matchAll(/`([\w/-]+) › ([^`]+)`/g)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

describe('docs/security.md', () => {
  it('SEC-1 every test it names is there, with its title', () => {
    expect(references.length).toBeGreaterThan(200);
    const missing = references.filter(({ file, title }) => {
      const path = `test/${file}.test.ts`;
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
    });
    expect(missing).toEqual([]);
  });

  it('SEC-1 every file of the code it names is there', () => {
    const paths = [...document.matchAll(/`((?:src|docs|build|test)\/[\w./-]+|[\w-]+\.(?:yml|json))`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('SEC-1 a requirement stands once; met names a test, everything else says why', () => {
    const numbers = rows.map((row) => cellsOf(row)[0]);
    expect(rows.length).toBeGreaterThan(180);
    expect(numbers.filter((number, place) => numbers.indexOf(number) !== place)).toEqual([]);
    const wrong = rows.filter((row) => {
      const [, , state, shown = ''] = cellsOf(row);
      if (state === 'met') return !shown.includes(' › ');
      return !((state === 'partly' || state === 'not met') && shown.includes('because'));
    });
    expect(wrong).toEqual([]);
  });

  it('SEC-1 fuses are set as it says', () => {
    const builder = readFileSync('electron-builder.yml', 'utf8');
    const fuses = [...document.matchAll(/^\| (\w+) \| (on|off) \|/gm)].map(([, name = '', state = '']) => ({
      name,
      state,
    }));
    expect(fuses.length).toBe(7);
    const untrue = fuses.filter(({ name, state }) => !builder.includes(`${name}: ${String(state === 'on')}`));
    expect(untrue).toEqual([]);
  });
});
