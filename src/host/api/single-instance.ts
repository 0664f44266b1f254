// One running app per user-data folder. The lock is a file holding the owner's process id and start time, so that it
// is decided at once (the call is synchronous) and a killed owner leaves nothing behind. A later start drops its
// arguments as a file into a folder the owner watches.
import { randomUUID } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
  type FSWatcher,
} from 'node:fs';
import path from 'node:path';

export interface SecondStart {
  readonly argv: string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/** Tells two processes with the same id apart; '' where the system does not say. */
function readStartTime(processId: number): string {
  try {
    return (
      readFileSync(`/proc/${processId}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

function isOwnerAlive(text: string): boolean {
  const [processId = '', startTime = ''] = text.split('\n');
  try {
    process.kill(Number(processId), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return Number(processId) > 0 && readStartTime(Number(processId)) === startTime;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes beside and links, so that a lock file is never seen half written. */
function claim(file: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, `${process.pid}\n${readStartTime(process.pid)}`, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

export class SingleInstance {
  private readonly lockFile: string;
  private readonly inbox: string;
  private watcher: FSWatcher | undefined;

  constructor(userData: string) {
    mkdirSync(userData, { recursive: true, mode: 0o700 });
    this.lockFile = path.join(userData, 'single-instance.lock');
    this.inbox = path.join(userData, 'single-instance');
  }

  /** True when this process owns the lock now; otherwise the owner has been told of this start. */
  request(start: SecondStart, onSecondStart: (start: SecondStart) => void): boolean {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (claim(this.lockFile)) {
        this.listen(onSecondStart);
        return true;
      }
      const owner = readIfThere(this.lockFile);
      if (owner !== undefined && isOwnerAlive(owner)) {
        this.drop(start);
        return false;
      }
      if (owner !== undefined) this.removeStale(owner);
    }
    return false;
  }

  release(): void {
    this.watcher?.close();
    this.watcher = undefined;
    rmSync(this.lockFile, { force: true });
  }

  /** Moves the lock away first, so that of two starts only one removes it. */
  private removeStale(owner: string): void {
    const aside = `${this.lockFile}.${randomUUID()}`;
    try {
      renameSync(this.lockFile, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const wasOther = readIfThere(aside) !== owner;
    if (wasOther) linkSync(aside, this.lockFile);
    rmSync(aside, { force: true });
  }

  private drop(start: SecondStart): void {
    mkdirSync(this.inbox, { recursive: true, mode: 0o700 });
    const draft = path.join(this.inbox, `${randomUUID()}.part`);
    writeFileSync(draft, JSON.stringify(start), { mode: 0o600 });
    renameSync(draft, draft.replace('.part', '.json'));
  }

  private listen(onSecondStart: (start: SecondStart) => void): void {
    rmSync(this.inbox, { recursive: true, force: true });
    mkdirSync(this.inbox, { recursive: true, mode: 0o700 });
    const collect = (): void => {
      for (const name of readdirSync(this.inbox).filter((file) => file.endsWith('.json'))) {
        const file = path.join(this.inbox, name);
        const text = readIfThere(file);
        rmSync(file, { force: true });
        if (text !== undefined) onSecondStart(JSON.parse(text) as SecondStart);
      }
    };
    this.watcher = watch(this.inbox, { persistent: false }, collect);
  }
}
