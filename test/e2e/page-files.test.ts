// The built pages as they are shipped: which file loads which.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';

const renderer = path.resolve(import.meta.dirname, '../../out/renderer');

it('DSK-01: no screen loads the file of the data host, which would make the window a second one', async () => {
  await buildIfNeeded();
  const page = readFileSync(path.join(renderer, 'data-host.html'), 'utf8');
  const [, entry] = /<script[^>]+src="\.\/assets\/([^"]+)"/.exec(page) ?? [];
  if (entry === undefined) throw new Error('data-host.html has no script');
  const files = readdirSync(path.join(renderer, 'assets')).filter((name) => name.endsWith('.js'));
  expect(files).toContain(entry);
  const loading = files.filter((name) => readFileSync(path.join(renderer, 'assets', name), 'utf8').includes(entry));
  expect(loading).toEqual([]);
}, 120_000);
