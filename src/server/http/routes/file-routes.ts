// The content of files. Every chunk is a request of its own with the caller's session, so that rights are asked again for
// each; there are no addresses that could be handed on. What goes out is never shown by a browser: bytes, to be saved.
import { Type } from 'typebox';
import { CHUNK_BYTES, countChunks, FILE_SIZE_MB, toSizeLimitBytes } from '#shared/files/file-limits.ts';
import { CHUNK_HASH_HEADER, UploadStateSchema } from '#shared/sync/file-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { createFileContents } from '#server/files/file-content.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { Clock } from '#shared/kernel/ports.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const FileParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const MOST_CHUNKS = countChunks(toSizeLimitBytes(FILE_SIZE_MB.most));
const ChunkParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  index: Type.Integer({ minimum: 0, maximum: MOST_CHUNKS }),
});
const BYTES = 'application/octet-stream';

export function addFileRoutes(
  app: HttpServer,
  dependencies: { readonly db: SqlDatabase; readonly clock: Clock },
): void {
  const contents = createFileContents(dependencies);
  app.get(
    '/api/v1/files/:id/upload',
    {
      schema: {
        summary: 'How far the content of a file has arrived',
        tags: ['files'],
        params: FileParams,
        response: { 200: UploadStateSchema, ...failures },
      },
    },
    (request) => contents.readState(principalOf(request), request.params.id),
  );
  app.post(
    '/api/v1/files/:id/complete',
    {
      schema: {
        summary: 'Every chunk was sent: check the whole, and make it available to whoever sees the record',
        tags: ['files'],
        params: FileParams,
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: UploadStateSchema, ...failures },
      },
    },
    (request) => contents.complete(principalOf(request), request.params.id),
  );
  app.get(
    '/api/v1/files/:id/chunks/:index',
    {
      schema: {
        summary: 'One chunk of a file',
        tags: ['files'],
        params: ChunkParams,
        response: { 200: Type.Unsafe<Buffer>(Type.Any()), ...failures },
      },
    },
    async (request, reply) => {
      const { id, index } = request.params;
      const { bytes, sha256 } = await contents.readChunk(principalOf(request), id, index);
      return reply
        .type(BYTES)
        .header(CHUNK_HASH_HEADER, sha256)
        .header('content-disposition', 'attachment')
        .header('cache-control', 'no-store')
        .header('x-no-compression', '1')
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    },
  );
  // The only place where anything but JSON is read.
  void app.register(async (scope: HttpServer) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(BYTES, { parseAs: 'buffer', bodyLimit: CHUNK_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.put(
      '/api/v1/files/:id/chunks/:index',
      {
        bodyLimit: CHUNK_BYTES,
        schema: {
          summary: 'Send one chunk of a file, with its SHA-256 in a header; again, if it was cut off',
          tags: ['files'],
          params: ChunkParams,
          response: { 200: Type.Object({}), ...failures },
        },
      },
      async (request) => {
        const { id, index } = request.params;
        const sha256 = request.headers[CHUNK_HASH_HEADER];
        if (typeof sha256 !== 'string' || !Buffer.isBuffer(request.body))
          throw new OutpostError('invalid', 'A chunk is bytes with their SHA-256.');
        await contents.writeChunk(principalOf(request), id, index, {
          bytes: request.body,
          sha256: sha256.toLowerCase(),
        });
        return {};
      },
    );
  });
}
