// Pictures made byte by byte, right and wrong ones.
import { crc32, deflateSync } from 'node:zlib';

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function chunkOf(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** One colour, opaque; `data`: what stands there instead of the points. */
export function makePng(width: number, height: number, data?: Uint8Array, color = [14, 116, 144]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const points = (): Buffer => {
    const line = Buffer.from([0, ...Array.from({ length: width }, () => color).flat()]);
    return deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  };
  return Buffer.concat([
    PNG_SIGNATURE,
    chunkOf('IHDR', head),
    chunkOf('IDAT', data ?? points()),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}
