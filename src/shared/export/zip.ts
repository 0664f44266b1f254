// A ZIP archive written front to back: each entry is compressed while its content is made, and says its size and checksum
// after it. Nothing but a line for each entry is kept.
import { crc32 } from '#shared/export/crc32.ts';
import type { ByteTools } from '#shared/export/export-table.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface ZipEntry {
  readonly name: string;
  readonly content: AsyncIterable<Bytes> | Iterable<Bytes>;
}

/** What an archive without the extension for large files holds. */
const MOST_BYTES = 0xffffffff;
/** 1 January 1980: the archive does not tell when it was made, so that the same content is the same file. */
const DOS_DATE = 0x21;
/** Sizes follow the content; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
const VERSION = 20;

interface Written {
  readonly name: Bytes;
  readonly crc: number;
  readonly packed: number;
  readonly plain: number;
  readonly offset: number;
}

function record(size: number, fill: (view: DataView<ArrayBuffer>) => void): Bytes {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function localHeader(name: Bytes): Bytes {
  return record(30, (view) => {
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(4, VERSION, true);
    view.setUint16(6, FLAGS, true);
    view.setUint16(8, DEFLATED, true);
    view.setUint16(12, DOS_DATE, true);
    view.setUint16(26, name.length, true);
  });
}

function descriptor({ crc, packed, plain }: Written): Bytes {
  return record(16, (view) => {
    view.setUint32(0, 0x08074b50, true);
    view.setUint32(4, crc, true);
    view.setUint32(8, packed, true);
    view.setUint32(12, plain, true);
  });
}

function directoryLine({ name, crc, packed, plain, offset }: Written): Bytes {
  return record(46, (view) => {
    view.setUint32(0, 0x02014b50, true);
    view.setUint16(4, VERSION, true);
    view.setUint16(6, VERSION, true);
    view.setUint16(8, FLAGS, true);
    view.setUint16(10, DEFLATED, true);
    view.setUint16(14, DOS_DATE, true);
    view.setUint32(16, crc, true);
    view.setUint32(20, packed, true);
    view.setUint32(24, plain, true);
    view.setUint16(28, name.length, true);
    view.setUint32(42, offset, true);
  });
}

function directoryEnd(count: number, size: number, offset: number): Bytes {
  return record(22, (view) => {
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, count, true);
    view.setUint16(10, count, true);
    view.setUint32(12, size, true);
    view.setUint32(16, offset, true);
  });
}

function refuseTooLarge(bytes: number): void {
  if (bytes > MOST_BYTES) throw new OutpostError('too_large', 'The file would be larger than 4 GB.');
}

/** The archive in pieces. @throws OutpostError `too_large` above 4 GB. */
export async function* writeZip(
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  tools: ByteTools,
): AsyncGenerator<Bytes> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const name = tools.encode(entry.name);
    const start = offset;
    let [crc, packed, plain] = [0, 0, 0];
    async function* measured(): AsyncGenerator<Bytes> {
      for await (const bytes of entry.content) {
        crc = crc32(bytes, crc);
        plain += bytes.length;
        refuseTooLarge(plain);
        yield bytes;
      }
    }
    yield localHeader(name);
    yield name;
    for await (const bytes of tools.deflate(measured())) {
      packed += bytes.length;
      yield bytes;
    }
    const done: Written = { name, crc, packed, plain, offset: start };
    yield descriptor(done);
    written.push(done);
    offset += 30 + name.length + packed + 16;
    refuseTooLarge(offset);
  }
  let size = 0;
  for (const done of written) {
    yield directoryLine(done);
    yield done.name;
    size += 46 + done.name.length;
  }
  yield directoryEnd(written.length, size, offset);
}
