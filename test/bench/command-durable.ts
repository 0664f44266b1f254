// A card of a board with 100,000 deals is moved by keyboard in the real application. Durable: the commit of the journal in
// the main process, seen by its clock. On the screen: the frame after the card left its column. From the key both times.
import type { Page } from 'playwright';
import { percentile, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp } from '#test/bench/signed-in-app.ts';
import type { LaunchedApp } from '#test/support/launch-app.ts';

const MOVES = 60;
const FRAME_MS = 1000 / 60;

interface Seen {
  readonly commits: number[];
}

/** From now on the main process notes the instant of every commit of something a person did. */
async function watchCommits(launched: LaunchedApp): Promise<void> {
  await launched.mainEvaluate(() => {
    const { DatabaseSync, StatementSync } = process.getBuiltinModule('node:sqlite');
    const seen: Seen = { commits: [] };
    let hasOperation = false;
    const statements = StatementSync.prototype as { run: (this: { sourceSQL: string }, ...values: never[]) => unknown };
    const { run } = statements;
    statements.run = function runAndNote(...values) {
      if (this.sourceSQL.startsWith('INSERT OR REPLACE INTO ops')) hasOperation = true;
      return run.apply(this, values);
    };
    const databases = DatabaseSync.prototype as { exec: (this: unknown, sql: string) => void };
    const { exec } = databases;
    databases.exec = function execAndNote(sql) {
      exec.call(this, sql);
      if (sql !== 'COMMIT') return;
      if (hasOperation) seen.commits.push(performance.timeOrigin + performance.now());
      hasOperation = false;
    };
    Object.assign(globalThis, { seen });
  });
}

const readCommits = (launched: LaunchedApp): Promise<readonly number[]> =>
  launched.mainEvaluate(() => (globalThis as unknown as { seen: Seen }).seen.commits);

interface Move {
  /** Instants by the clock of the computer. */
  readonly pressedAtMs: number;
  readonly movedAtMs: number;
  readonly paintedAtMs: number;
}

/** Lifts the first card, carries it one column on and puts it down. */
function moveCard(window: Page): Promise<Move> {
  return window.evaluate(async () => {
    const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
    const now = (): number => performance.timeOrigin + performance.now();
    const column = globalThis.document.querySelector('[data-stage]');
    const card = column?.querySelector<HTMLElement>('[data-card]');
    if (!column || !card) throw new Error('there is no card to move');
    const press = (key: string): boolean =>
      card.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const find = (): Element | null => column.querySelector(`[data-card="${card.dataset['card'] ?? ''}"]`);
    for (const key of [' ', 'ArrowRight']) {
      press(key);
      await nextFrame();
      await nextFrame();
    }
    const gone = new Promise<number>((resolve, reject) => {
      const observer = new MutationObserver(() => {
        if (find() !== null) return;
        observer.disconnect();
        resolve(now());
      });
      observer.observe(column, { childList: true, subtree: true, attributes: true });
      setTimeout(() => reject(new Error('the card did not move')), 10_000);
    });
    const pressedAtMs = now();
    press(' ');
    const movedAtMs = await gone;
    await nextFrame();
    return { pressedAtMs, movedAtMs, paintedAtMs: now() };
  });
}

export const commandDurable: Figure = {
  name: 'command-durable',
  unit: 'ms',
  target: { is: '<=', limit: 10 },
  async measure() {
    const { launched, window, close } = await openSignedInApp(await useCompany(100_000));
    try {
      await watchCommits(launched);
      await window.evaluate(() => {
        globalThis.location.hash = '#/pipeline';
      });
      await window.locator('[data-card]').first().waitFor();
      const moves: Move[] = [];
      for (let index = 0; index < MOVES; index += 1) {
        moves.push(await moveCard(window));
        await window.waitForTimeout(150);
      }
      const commits = await readCommits(launched);
      const durable = moves.map(
        ({ pressedAtMs }) => (commits.find((atMs) => atMs >= pressedAtMs) ?? Number.POSITIVE_INFINITY) - pressedAtMs,
      );
      const moved = moves.map((move) => move.movedAtMs - move.pressedAtMs);
      const painted = moves.map((move) => move.paintedAtMs - move.pressedAtMs);
      const inOneFrame = painted.filter((ms) => ms <= FRAME_MS * 2).length / moves.length;
      const show = (values: readonly number[]): string =>
        `p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms`;
      return {
        value: percentile(durable, 0.95),
        notes: [
          `journal committed ${show(durable)}`,
          `card moved in the page ${show(moved)}`,
          `frame shown ${show(painted)}; ${String(Math.round(inOneFrame * 100))} % with the frame after the next`,
        ],
      };
    } finally {
      await close();
    }
  },
};
