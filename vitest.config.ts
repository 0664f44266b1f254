import { defineConfig } from 'vitest/config';

// Four lanes. Files of the heavy lanes run one after another: they start servers and browsers, and two cores are few.
const lane = (
  name: string,
  include: readonly string[],
  options: { readonly isSerial?: boolean; readonly timeoutMs?: number; readonly setupFiles?: string[] } = {},
) => ({
  test: {
    name,
    include: [...include],
    testTimeout: options.timeoutMs ?? 20_000,
    hookTimeout: options.timeoutMs ?? 60_000,
    setupFiles: options.setupFiles ?? [],
    ...(options.isSerial === true ? { fileParallelism: false } : {}),
    // Tests open and close many WebAssembly databases in threads of one process. V8 sometimes ends such a process with a
    // failed check when it frees compiled code of a thread that is going away; a server has one database for its life.
    execArgv: ['--no-wasm-code-gc', '--no-flush-liftoff-code'],
  },
});

export default defineConfig({
  test: {
    projects: [
      lane('unit', ['test/unit/**/*.test.ts']),
      lane('contract', ['test/contract/**/*.test.ts'], { isSerial: true, timeoutMs: 120_000 }),
      lane('renderer', ['test/renderer/**/*.test.ts'], { isSerial: true, timeoutMs: 180_000 }),
      lane('e2e', ['test/e2e/**/*.test.ts'], {
        isSerial: true,
        timeoutMs: 300_000,
        setupFiles: ['test/support/tell-what-was-seen.ts'],
      }),
    ],
  },
});
