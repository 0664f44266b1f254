import { statfs } from 'node:fs/promises';
import { cpus, freemem, loadavg, totalmem } from 'node:os';

const BYTES_PER_GB = 1_000_000_000;
/** Above this share an administrator should look before users notice. */
const CROWDED_PERCENT = 90;

export interface Usage {
  readonly total_gb: number;
  readonly free_gb: number;
  readonly used_percent: number;
  readonly status: string;
}

function describeUsage(totalBytes: number, freeBytes: number): Usage {
  const usedPercent = totalBytes === 0 ? 0 : Math.round((1 - freeBytes / totalBytes) * 1000) / 10;
  const toGb = (bytes: number) => Math.round((bytes / BYTES_PER_GB) * 100) / 100;
  return {
    total_gb: toGb(totalBytes),
    free_gb: toGb(freeBytes),
    used_percent: usedPercent,
    status: usedPercent > CROWDED_PERCENT ? 'warning' : 'ok',
  };
}

export interface MachineState {
  readonly cpuPercent: number;
  readonly memory: Usage;
  readonly disk: Usage;
}

/** Load of the last minute over all cores, memory of the machine, and the disk that holds `directory`. */
export async function measureMachine(directory: string): Promise<MachineState> {
  const disk = await statfs(directory);
  const load = loadavg()[0] ?? 0;
  return {
    cpuPercent: Math.min(100, Math.round((load / Math.max(1, cpus().length)) * 1000) / 10),
    memory: describeUsage(totalmem(), freemem()),
    disk: describeUsage(disk.blocks * disk.bsize, disk.bavail * disk.bsize),
  };
}
