// What Prometheus reads. Names follow its conventions (unit last, `_total` for what only grows), labels have few values: routes are
// patterns of this program, statuses classes, codes those of the catalogue. Nothing tells users or organizations apart, so
// the number of series does not grow with them.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { latencySteps } from '#shared/observe/latency.ts';
import { NO_ROUTE, type RequestFact } from '#server/observe/request-fact.ts';
import packageJson from '../../../package.json' with { type: 'json' };

const inSeconds = latencySteps.map((ms) => ms / 1000);
/** Work of jobs takes longer than answers. */
const JOB_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

/** What is asked for when somebody reads, not counted on the way. */
export interface Standing {
  readonly sockets: () => number;
  readonly isDatabaseUp: () => Promise<boolean>;
  /** Empty as long as there are none. */
  readonly jobs: () => Promise<readonly { readonly queue: string; readonly state: string; readonly count: number }[]>;
  /** Milliseconds since 1970; null as long as there is none. */
  readonly lastBackup: () => Promise<number | null>;
}

export interface Metrics {
  noteRequest(fact: RequestFact): void;
  noteVerdict(status: string, code: string): void;
  noteJob(kind: string, outcome: 'done' | 'failed', ms: number): void;
  noteError(): void;
  noteMail(outcome: 'sent' | 'refused' | 'unreachable' | 'unknown'): void;
  /** Set once there is something to ask. */
  watch(standing: Standing): void;
  /** In Prometheus' text format. */
  read(): Promise<string>;
  readonly contentType: string;
}

function addCounts(register: Registry) {
  const registers = [register];
  return {
    requests: new Histogram({
      name: 'outpost_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the end of its answer.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: inSeconds,
      registers,
    }),
    verdicts: new Counter({
      name: 'outpost_sync_operations_total',
      help: 'Operations of devices by verdict; the code says why one was refused.',
      labelNames: ['verdict', 'code'] as const,
      registers,
    }),
    jobs: new Histogram({
      name: 'outpost_job_duration_seconds',
      help: 'Time a run of a background job took, by what came of it.',
      labelNames: ['kind', 'outcome'] as const,
      buckets: JOB_SECONDS,
      registers,
    }),
    errors: new Counter({ name: 'outpost_errors_total', help: 'Errors nobody expected, as reported.', registers }),
    mails: new Counter({
      name: 'outpost_mails_total',
      help: 'Mails handed to the mail server, by what it said.',
      labelNames: ['outcome'] as const,
      registers,
    }),
  };
}

function addStanding(register: Registry, standing: Standing): void {
  register.registerMetric(
    new Gauge({
      name: 'outpost_live_connections',
      help: 'Devices connected to this process.',
      registers: [],
      collect() {
        this.set(standing.sockets());
      },
    }),
  );
  register.registerMetric(
    new Gauge({
      name: 'outpost_database_up',
      help: '1 while the database answers.',
      registers: [],
      async collect() {
        this.set((await standing.isDatabaseUp()) ? 1 : 0);
      },
    }),
  );
  register.registerMetric(
    new Gauge({
      name: 'outpost_jobs',
      help: 'Background jobs by queue and state.',
      labelNames: ['queue', 'state'],
      registers: [],
      async collect() {
        this.reset();
        for (const { queue, state, count } of await standing.jobs()) this.set({ queue, state }, count);
      },
    }),
  );
  register.registerMetric(
    new Gauge({
      name: 'outpost_backup_last_success_timestamp_seconds',
      help: 'When the last backup was finished and read back; 0 as long as there is none.',
      registers: [],
      async collect() {
        this.set(((await standing.lastBackup()) ?? 0) / 1000);
      },
    }),
  );
}

/** Memory, processor time, event loop and garbage of the process. */
function collectProcess(register: Registry): void {
  collectDefaultMetrics({ register });
  // Gauges that are named like counters; the ones without `_total` say the same.
  for (const what of ['handles', 'requests', 'resources']) register.removeSingleMetric(`nodejs_active_${what}_total`);
}

export function createMetrics(): Metrics {
  const register = new Registry();
  const { requests, verdicts, jobs, errors, mails } = addCounts(register);
  new Gauge({
    name: 'outpost_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers: [register],
  }).set({ version: packageJson.version }, 1);
  let hasDefaults = false;
  return {
    noteRequest({ method, route, status, ms }) {
      const known = route === NO_ROUTE ? 'OTHER' : method;
      requests.observe({ method: known, route, status: `${String(Math.floor(status / 100))}xx` }, ms / 1000);
    },
    noteVerdict: (verdict, code) => verdicts.inc({ verdict, code }),
    noteJob: (kind, outcome, ms) => jobs.observe({ kind, outcome }, ms / 1000),
    noteError: () => errors.inc(),
    noteMail: (outcome) => mails.inc({ outcome }),
    watch: (standing) => addStanding(register, standing),
    read() {
      // Watching the process costs a little all the time: it begins when somebody reads.
      if (!hasDefaults) collectProcess(register);
      hasDefaults = true;
      return register.metrics();
    },
    contentType: register.contentType,
  };
}
