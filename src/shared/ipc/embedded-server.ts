// What the main process and the thread of the embedded server say to each other. Neither imports the other: main starts
// the thread by its file, and these few messages are the whole seam.
import type { ErrorData } from '#shared/kernel/errors.ts';

/** Handed to the thread at its start. */
export interface EmbeddedServerData {
  readonly dataDir: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export type EmbeddedServerReply =
  | { readonly kind: 'listening'; readonly url: string }
  /** It could not start; the thread ends. */
  | { readonly kind: 'failed'; readonly error: ErrorData };

/** Finish what runs, write everything, free the directory, end. */
export interface EmbeddedServerRequest {
  readonly kind: 'stop';
}
