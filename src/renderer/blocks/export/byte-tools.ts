// What the platform does for the writers of files: compressing happens beside the thread that writes.
import type { ByteTools } from '#shared/export/export-table.ts';

const encoder = new TextEncoder();

export const byteTools: ByteTools = {
  encode: (text) => encoder.encode(text),
  async *deflate(chunks) {
    const stream = new CompressionStream('deflate-raw');
    const writer = stream.writable.getWriter();
    async function feed(): Promise<void> {
      try {
        let written = Promise.resolve();
        for await (const chunk of chunks) {
          // One piece is compressed while the next one is made.
          await written;
          written = writer.write(chunk);
          // What goes wrong meanwhile is thrown by the wait above.
          written.catch(() => undefined);
        }
        await written;
        await writer.close();
      } catch (error) {
        // The reader below hears of it, and throws it to whoever asked.
        await writer.abort(error);
      }
    }
    const fed = feed();
    const reader = stream.readable.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await fed;
  },
};
