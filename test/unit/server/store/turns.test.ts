import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { createTurns, type Turns } from '#server/store/turns.ts';

/** Takes a turn that lasts until it is ended by hand. */
function hold(turns: Turns, isPatient: boolean, name: string, begun: string[]): () => Promise<void> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const over = turns.take(isPatient, () => {
    begun.push(name);
    return ended;
  });
  return async () => {
    end();
    await over;
  };
}

describe('turns', () => {
  it('lets what is in a hurry pass what is patient', async () => {
    const turns = createTurns(1, 1);
    const begun: string[] = [];
    const first = hold(turns, false, 'first', begun);
    const page = hold(turns, true, 'page', begun);
    const edit = hold(turns, false, 'edit', begun);
    await first();
    expect(begun).toEqual(['first', 'edit']);
    await edit();
    await page();
    expect(begun).toEqual(['first', 'edit', 'page']);
  });

  it('does the work of each with what is known of whoever asked for it', async () => {
    const turns = createTurns(1, 1);
    const asker = new AsyncLocalStorage<string>();
    const ask = (name: string) =>
      asker.run(name, () => turns.take(false, () => Promise.resolve(`${name}: ${String(asker.getStore())}`)));
    expect(await Promise.all(['ann', 'bo', 'cy'].map(ask))).toEqual(['ann: ann', 'bo: bo', 'cy: cy']);
  });

  it('starves nobody: a patient one has its turn after four that passed', async () => {
    const turns = createTurns(1, 1);
    const begun: string[] = [];
    const ends = [hold(turns, false, 'first', begun), hold(turns, true, 'page', begun)];
    for (let edit = 1; edit <= 6; edit += 1) ends.push(hold(turns, false, `edit ${String(edit)}`, begun));
    await Promise.all(ends.map((end) => end()));
    expect(begun).toEqual(['first', 'edit 1', 'edit 2', 'edit 3', 'edit 4', 'page', 'edit 5', 'edit 6']);
  });

  it('leaves places free of patient ones', async () => {
    const turns = createTurns(3, 2);
    const begun: string[] = [];
    const pages = ['a', 'b', 'c'].map((name) => hold(turns, true, name, begun));
    const edit = hold(turns, false, 'edit', begun);
    expect(begun).toEqual(['a', 'b', 'edit']);
    await Promise.all([...pages.map((end) => end()), edit()]);
    expect(begun).toEqual(['a', 'b', 'edit', 'c']);
  });

  it('goes on after one that failed, and tells its error', async () => {
    const turns = createTurns(1, 1);
    await expect(turns.take(true, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(false, async () => 'next')).toBe('next');
  });
});
