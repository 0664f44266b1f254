// What the demo tells: one line for each step with its time, one for each thing that is not as told, counts at the end.
import type { Page } from 'playwright';

export class DemoReport {
  private readonly startedMs = performance.now();
  private readonly pauseMs: number;
  private readonly counts = new Map<string, number>();
  private readonly problems: string[] = [];
  private checked = 0;

  /** `pauseMs` after each step gives people time to look. */
  constructor(pauseMs: number) {
    this.pauseMs = pauseMs;
  }

  async step<Value>(title: string, work: () => Promise<Value>): Promise<Value> {
    const begunMs = performance.now();
    try {
      const value = await work();
      this.tell(`${((performance.now() - begunMs) / 1000).toFixed(1).padStart(6)} s  ${title}`);
      if (this.pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
      return value;
    } catch (error) {
      throw new Error(`failed at: ${title}`, { cause: error });
    }
  }

  /** Notes a problem when the two differ (compared as JSON). */
  expect(what: string, actual: unknown, expected: unknown): void {
    this.checked += 1;
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is === should) return;
    this.problems.push(`${what}: ${is}, expected ${should}`);
    this.tell(`   NOT AS TOLD  ${what}: ${is}, expected ${should}`);
  }

  count(what: string, number: number): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + number);
  }

  tell(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** True when everything was as told. */
  finish(): boolean {
    const seconds = ((performance.now() - this.startedMs) / 1000).toFixed(0);
    this.tell('');
    for (const [what, number] of this.counts) this.tell(`${String(number).padStart(8)}  ${what}`);
    this.tell(
      `${String(this.checked).padStart(8)}  things checked, ${this.problems.length} not as told, ${seconds} s in all`,
    );
    for (const problem of this.problems) this.tell(`          ${problem}`);
    return this.problems.length === 0 && this.checked > 0;
  }
}

/** Keeps pictures of the screens. */
export type Photographer = (page: Page, name: string) => Promise<void>;
