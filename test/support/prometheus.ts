// A real Prometheus that scrapes a server of a test, and promtool, which judges names and types of what it is given.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port.ts';

/** What promtool finds wrong with text in Prometheus' format; empty when nothing. */
export function checkMetrics(text: string): string {
  const run = spawnSync('promtool', ['check', 'metrics', '--extended'], { input: text, encoding: 'utf8' });
  if (run.error) throw run.error;
  return run.status === 0 ? '' : `${run.stdout}${run.stderr}`;
}

export interface Prometheus {
  /** The value of a query now; null as long as there is none. */
  ask(query: string): Promise<number | null>;
  stop(): Promise<void>;
}

/** Scrapes `target` (`host:port`) every second with a token. */
export async function startPrometheus(target: string, token: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-prometheus-'));
  const [config, secret] = [join(folder, 'prometheus.yml'), join(folder, 'token')];
  writeFileSync(secret, token);
  writeFileSync(
    config,
    `scrape_configs:
  - job_name: outpost
    scrape_interval: 1s
    scrape_timeout: 1s
    authorization: { credentials_file: ${secret} }
    static_configs: [{ targets: ['${target}'] }]
`,
  );
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${String(port)}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  return {
    async ask(query) {
      const url = `http://127.0.0.1:${String(port)}/api/v1/query?query=${encodeURIComponent(query)}`;
      const response = await fetch(url).catch(() => null);
      if (response?.ok !== true) return null;
      const answer = (await response.json()) as {
        readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
      };
      const [first] = answer.data.result;
      return first === undefined ? null : Number(first.value[1]);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
