// Real bounces with what they mean, collected by others: read from beside the repository, never a part of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBounce } from '#shared/mail/read-bounce.ts';

interface Expected {
  readonly status: string;
  readonly reply: string;
  readonly reason: string;
  readonly hard: boolean;
}

export interface BounceCase {
  readonly name: string;
  readonly message: string;
  readonly expected: readonly Expected[];
}

/** Null: the data is not there. */
export function readBounceData(): readonly BounceCase[] | null {
  const root = join('..', 'shared', 'data');
  const list = join(root, 'oracles', 'bounce-expected.public.json');
  if (!existsSync(list)) return null;
  const known = JSON.parse(readFileSync(list, 'utf8')) as Readonly<Record<string, readonly Expected[]>>;
  return Object.entries(known).map(([name, expected]) => ({
    name,
    expected,
    message: readFileSync(join(root, 'email-bounces', name), 'latin1'),
  }));
}

export function matchBounces(cases: readonly BounceCase[]) {
  const missed: string[] = [];
  for (const { name, message, expected } of cases) {
    const found = readBounce(message).map(
      ({ status, reason, isHard }) => `${status} ${reason} ${isHard ? 'hard' : 'soft'}`,
    );
    const wanted = expected.map(({ status, reason, hard }) => `${status} ${reason} ${hard ? 'hard' : 'soft'}`);
    if (found.join(', ') !== wanted.join(', '))
      missed.push(`${name}: ${found.join(', ')} instead of ${wanted.join(', ')}`);
  }
  return { matched: cases.length - missed.length, of: cases.length, missed };
}
