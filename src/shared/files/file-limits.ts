// How large files may be, and in which pieces they travel. A chunk is small enough that a slow line carries it within one
// request, that a broken connection costs little, and that the database holds it as one value.

/** Both sides count with it: changing it changes what an index means. */
export const CHUNK_BYTES = 1024 * 1024;

const MEGABYTE = 1024 * 1024;
const GIGABYTE = 1024 * MEGABYTE;

/** Largest file an organization takes; an administrator decides within these. */
export const FILE_SIZE_MB = { usual: 100, least: 1, most: 2048 } as const;
/** All files of an organization together. */
export const FILE_QUOTA_GB = { usual: 20, least: 1, most: 100_000 } as const;

/** What a computer keeps of files that nobody asked for; everybody decides for the own computer. */
export const KEEP_FILES_DAYS = { usual: 30, least: 0, most: 3650 } as const;
export const KEEP_FILES_MB = { usual: 1024, least: 0, most: 1_000_000 } as const;

interface Range {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/** A setting from the database or another version: within the range, the usual value for anything else. */
export function toSetting(value: unknown, { usual, least, most }: Range): number {
  return typeof value === 'number' && Number.isInteger(value) ? Math.min(most, Math.max(least, value)) : usual;
}

export const toSizeLimitBytes = (megabytes: number): number => megabytes * MEGABYTE;
export const toQuotaBytes = (gigabytes: number): number => gigabytes * GIGABYTE;

export function countChunks(sizeBytes: number): number {
  return Math.ceil(sizeBytes / CHUNK_BYTES);
}

/** Bytes of one chunk; 0 for an index the file does not have. */
export function sizeOfChunk(sizeBytes: number, index: number): number {
  return Math.max(0, Math.min(CHUNK_BYTES, sizeBytes - index * CHUNK_BYTES));
}
