// What a device and the server say to each other about the content of files. Chunks themselves travel as plain bytes, with
// their fingerprint in a header; everything else is here.
import { Type, type Static } from 'typebox';

/** SHA-256 of a chunk in hexadecimal digits, on the way up and on the way down. */
export const CHUNK_HASH_HEADER = 'x-content-sha256';

/** How far an upload got. */
export const UploadStateSchema = Type.Object({
  /** Indices of the chunks the server holds. */
  received: Type.Array(Type.Integer({ minimum: 0 })),
  /** Everything is there and was verified. */
  isComplete: Type.Boolean(),
});
export type UploadState = Static<typeof UploadStateSchema>;
