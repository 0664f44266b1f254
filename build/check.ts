// `npm run check`: every static rule of the project, as errors. Runs all of them and fails at the end,
// so that one run tells everything there is to mend.
import { spawnSync } from 'node:child_process';

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['format', ['oxfmt', '--check', 'src', 'test', 'build', 'electron.vite.config.ts', 'vite.server.config.ts']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings', 'src', 'test', 'build']],
  ['types: shared', ['tsc', '-p', 'tsconfig.shared.json']],
  ['types: node', ['tsc', '-p', 'tsconfig.node.json']],
  ['types: renderer', ['tsc', '-p', 'tsconfig.renderer.json']],
  ['architecture', ['depcruise', '--config', '.dependency-cruiser.cjs', 'src']],
  ['unused', ['knip']],
];

const only = process.argv.slice(2);
const failed: string[] = [];
for (const [name, [command, ...args]] of checks) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const run = spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' });
  console.log(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (run.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\ncheck failed: ${failed.join(', ')}`);
  process.exit(1);
}
