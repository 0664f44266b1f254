// Starts a program of the bench beside this process: its first line is what it has to say, and it ends when we do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface Program<Greeting> {
  readonly greeting: Greeting;
  /** Gives the program a line and waits until it answers with one. */
  tell(line: string): Promise<void>;
  stop(): Promise<void>;
}

/** `file`: name beside this one. Rejects when the program ends before it says anything. */
export async function startProgram<Greeting>(file: string, args: readonly string[]): Promise<Program<Greeting>> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, file), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), exit.then(() => null)]);
  if (first === null || first.done === true) throw new Error(`${file} ended before it was ready`);
  return {
    greeting: JSON.parse(first.value) as Greeting,
    async tell(line) {
      child.stdin.write(`${line}\n`);
      await lines.next();
    },
    async stop() {
      child.stdin.end();
      const limit = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(limit);
    },
  };
}
