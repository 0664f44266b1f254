import type { PartStatus } from '#shared/sync/health-messages.ts';
import { statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { availableMemory } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

const BYTES_PER_GB = 1_000_000_000;
/** Above this share an administrator should look before users notice. */
const CROWDED_PERCENT = 90;
const FULL_PERCENT = 97;

/** So long a first look at the processors takes; later ones compare with the look before. */
const FIRST_LOOK_MS = 200;
const FRESH_LOOK_MS = 1_000;

interface Usage {
  readonly total_gb: number;
  readonly used_percent: number;
  readonly status: PartStatus;
}

function describeUsage(totalBytes: number, freeBytes: number): Usage {
  const usedPercent = totalBytes === 0 ? 0 : Math.round((1 - freeBytes / totalBytes) * 1000) / 10;
  return {
    total_gb: toGb(totalBytes),
    used_percent: usedPercent,
    status: usedPercent > FULL_PERCENT ? 'unhealthy' : usedPercent > CROWDED_PERCENT ? 'warning' : 'healthy',
  };
}

function toGb(bytes: number): number {
  return Math.round((bytes / BYTES_PER_GB) * 100) / 100;
}

export interface MachineState {
  readonly cpu_percent: number;
  readonly memory: Usage & { readonly available_gb: number };
  readonly disk: Usage & { readonly free_gb: number };
}

interface Look {
  readonly atMs: number;
  readonly busy: number;
  readonly total: number;
}

function lookAtProcessors(): Look {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { atMs: performance.now(), busy, total };
}

let before: Look | null = null;
let lastPercent = 0;

/** Share of all cores that was busy since the last look, and at least for {@link FIRST_LOOK_MS}. */
async function measureProcessors(): Promise<number> {
  if (before !== null && performance.now() - before.atMs < FRESH_LOOK_MS) return lastPercent;
  const from = before ?? lookAtProcessors();
  if (before === null) await wait(FIRST_LOOK_MS);
  const now = lookAtProcessors();
  before = now;
  const passed = now.total - from.total;
  lastPercent = passed <= 0 ? 0 : Math.round(((now.busy - from.busy) / passed) * 1000) / 10;
  return lastPercent;
}

/** How busy the processors are, memory that programs can still have, and the disk that holds `directory`. */
export async function measureMachine(directory: string): Promise<MachineState> {
  const disk = await statfs(directory);
  const [total, available] = [totalmem(), availableMemory()];
  return {
    cpu_percent: await measureProcessors(),
    memory: { ...describeUsage(total, available), available_gb: toGb(available) },
    disk: {
      ...describeUsage(disk.blocks * disk.bsize, disk.bavail * disk.bsize),
      free_gb: toGb(disk.bavail * disk.bsize),
    },
  };
}
