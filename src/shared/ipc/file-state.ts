// What main and the data host know of attached files.
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';

/** A file whose record, and the record that one belongs to, are held. */
export interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly sha256: string;
  readonly parent: RecordReference;
  /** The server has all of it. */
  readonly isAvailable: boolean;
  /** Attached by the user of the profile. */
  readonly isOwn: boolean;
}

export interface FilesSeen {
  readonly held: readonly SeenFile[];
  /** Ids of files that are not held, though the record they belonged to is: they were deleted. */
  readonly deleted: readonly string[];
  readonly recent: readonly SeenFile[];
}

/** What a page hands over was taken: what a command needs to attach it. */
export interface TakenFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly sha256: string;
}

/** Where the content of a file is, as far as this computer knows. */
export interface FileState {
  readonly id: string;
  /**
   * `absent`: nothing of it is here. `part`: some of it. `copy`: all of it, and the server has it. `waiting`: all of it, and it
   * is to be sent. `refused`: all of it, and the server did not take it.
   */
  readonly place: 'absent' | 'part' | 'copy' | 'waiting' | 'refused';
  /** Under way now, in chunks. */
  readonly transfer: { readonly direction: 'up' | 'down'; readonly done: number; readonly total: number } | null;
  readonly refusal: ErrorData | null;
  readonly isPinned: boolean;
}

/** A file somebody attached here that could not be kept by the server: it stays until the person decides. */
export interface RefusedFile extends Omit<TakenFile, 'sha256'> {
  readonly parent: RecordReference | null;
  readonly refusal: ErrorData;
}

export interface FilesUsage {
  /** Copies that can be fetched again. */
  readonly copyBytes: number;
  readonly copyCount: number;
  /** Attached here and not on the server. */
  readonly owedBytes: number;
  readonly owedCount: number;
}
