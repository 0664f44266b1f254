// Reads Electron's archive format: a header of JSON that says where each file lies, then the files one after another.
import { readFileSync } from 'node:fs';

interface AsarEntry {
  readonly files?: Readonly<Record<string, AsarEntry>>;
  readonly offset?: string;
  readonly size?: number;
  readonly unpacked?: boolean;
}

export interface Asar {
  /** Paths of all files, from the root, with forward slashes. */
  readonly names: readonly string[];
  /** Lies beside the archive, as a file of its own. */
  isUnpacked(name: string): boolean;
  /** Throws for a file that is not in the archive or lies beside it. */
  readBytes(name: string): Uint8Array;
  readText(name: string): string;
}

export function readAsar(file: string): Asar {
  const bytes = readFileSync(file);
  const start = 8 + bytes.readUInt32LE(4);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as AsarEntry;
  const entries = new Map<string, AsarEntry>();
  const walk = (entry: AsarEntry, base: string): void => {
    for (const [name, child] of Object.entries(entry.files ?? {})) {
      if (child.files === undefined) entries.set(base + name, child);
      else walk(child, `${base}${name}/`);
    }
  };
  walk(header, '');
  function readBytes(name: string): Buffer {
    const entry = entries.get(name);
    if (entry?.offset === undefined || entry.size === undefined) throw new Error(`${name} is not in the archive`);
    const from = start + Number(entry.offset);
    return bytes.subarray(from, from + entry.size);
  }
  return {
    names: [...entries.keys()],
    isUnpacked: (name) => entries.get(name)?.unpacked === true,
    readBytes,
    readText: (name) => readBytes(name).toString('utf8'),
  };
}
