// `npm run bench`: every figure, or those named. One line of JSON each on stdout; what was seen beside it, the load of the
// machine and the targets that were missed on stderr. A missed target is told, not failed; what cannot be measured fails.
import os from 'node:os';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { auditFigures } from '#test/bench/audit.ts';
import { board } from '#test/bench/board.ts';
import { bytesFigures } from '#test/bench/bytes.ts';
import { bounceMatch } from '#test/bench/bounce-match.ts';
import { campaign10k } from '#test/bench/campaign.ts';
import { campaign100k } from '#test/bench/campaign-whole.ts';
import { coldStart } from '#test/bench/cold-start.ts';
import { commandDurable } from '#test/bench/command-durable.ts';
import { toLine, type Figure } from '#test/bench/figure.ts';
import { hotTenant } from '#test/bench/hot-tenant.ts';
import { imap } from '#test/bench/imap.ts';
import { jobsFigure } from '#test/bench/jobs.ts';
import { liveFigures } from '#test/bench/live.ts';
import { observabilityCost } from '#test/bench/observability-cost.ts';
import { permissionFigures } from '#test/bench/permission-check.ts';
import { pivotPaint } from '#test/bench/pivot-paint.ts';
import { pivotFigures } from '#test/bench/pivot.ts';
import { pullFigures } from '#test/bench/pull.ts';
import { push } from '#test/bench/push.ts';
import { rendererMemory } from '#test/bench/renderer-memory.ts';
import { rescope } from '#test/bench/rescope.ts';
import { scaling } from '#test/bench/scaling.ts';
import { search } from '#test/bench/search.ts';
import { serverPull } from '#test/bench/server-pull.ts';
import { signIn } from '#test/bench/sign-in.ts';
import { simEvents } from '#test/bench/sim-events.ts';
import { stopCompanies } from '#test/bench/shared-company.ts';
import { columns } from '#test/bench/columns.ts';
import { storageFigures } from '#test/bench/storage-figures.ts';
import { sockets } from '#test/bench/sockets.ts';
import { timeline } from '#test/bench/timeline.ts';
import { work } from '#test/bench/work.ts';
import { xlsx } from '#test/bench/xlsx.ts';

const figures: readonly Figure[] = [
  board,
  // On the company of the board; nothing that comes later uses it.
  push,
  ...storageFigures,
  search,
  commandDurable,
  ...pullFigures,
  pivotPaint,
  timeline,
  work,
  rendererMemory,
  coldStart,
  hotTenant,
  rescope,
  ...auditFigures,
  scaling,
  serverPull,
  sockets,
  ...liveFigures,
  ...bytesFigures,
  ...pivotFigures,
  columns,
  signIn,
  jobsFigure,
  ...permissionFigures,
  simEvents,
  xlsx,
  bounceMatch,
  ...imap,
  campaign10k,
  campaign100k,
  observabilityCost,
];

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function runFigure(figure: Figure): Promise<'holds' | 'missed' | 'failed'> {
  const startedMs = performance.now();
  try {
    const measured = await figure.measure();
    const line = toLine(figure, measured);
    process.stdout.write(`${JSON.stringify(line)}\n`);
    for (const note of measured.notes ?? []) say(`  ${note}`);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
    say(`  ${figure.name} took ${seconds} s; load of the machine ${(os.loadavg()[0] ?? 0).toFixed(1)}`);
    return line.holds ? 'holds' : 'missed';
  } catch (error) {
    say(
      `${figure.name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return 'failed';
  }
}

async function run(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !figures.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    say(`There is no figure ${unknown.join(', ')}. There are: ${figures.map((figure) => figure.name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  await buildIfNeeded();
  say(`${String(os.availableParallelism())} cores, load ${(os.loadavg()[0] ?? 0).toFixed(1)}`);
  const missed: string[] = [];
  for (const figure of figures.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const outcome = await runFigure(figure);
    if (outcome === 'missed') missed.push(figure.name);
    if (outcome === 'failed') process.exitCode = 1;
  }
  if (missed.length > 0) say(`Targets missed: ${missed.join(', ')}.`);
}

try {
  await run(process.argv.slice(2));
} finally {
  await stopCompanies();
}
