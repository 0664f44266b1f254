// `npm test`: static checks, then every lane one after another, then one line that says how it went. Names of lanes as
// arguments run only those: `npm test -- unit contract`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildIfNeeded } from '../build/build-if-needed.ts';

const lanes = ['unit', 'contract', 'renderer', 'e2e'] as const;
const root = path.resolve(import.meta.dirname, '..');

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

const wanted = process.argv.slice(2);
const chosen = lanes.filter((lane) => wanted.length === 0 || wanted.includes(lane));
const total = { passed: 0, failed: 0, skipped: 0 };
const failedSteps: string[] = [];

if (wanted.length === 0 && !run(process.execPath, ['build/check.ts'])) failedSteps.push('check');
if (chosen.includes('e2e')) await buildIfNeeded();

const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-test-'));
for (const lane of chosen) {
  const file = path.join(folder, `${lane}.json`);
  const isGreen = run('node_modules/.bin/vitest', [
    'run',
    '--project',
    lane,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests;
  if (!isGreen || !report.success || report.numPassedTests === 0) failedSteps.push(lane);
}
rmSync(folder, { recursive: true, force: true });

if (failedSteps.length > 0) console.error(`\nnot green: ${failedSteps.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
if (failedSteps.length > 0) process.exitCode = 1;
