// The checksum of ZIP, four bytes at a time: it runs over every byte of a sheet.

const tables = makeTables();

function makeTables(): Uint32Array {
  const all = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    all[byte] = value >>> 0;
  }
  for (let table = 1; table < 4; table += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const before = all[(table - 1) * 256 + byte] ?? 0;
      all[table * 256 + byte] = ((before >>> 8) ^ (all[before & 0xff] ?? 0)) >>> 0;
    }
  }
  return all;
}

/** The checksum after more bytes; begins with 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc =
      tables[768 + (crc & 0xff)]! ^
      tables[512 + ((crc >>> 8) & 0xff)]! ^
      tables[256 + ((crc >>> 16) & 0xff)]! ^
      tables[crc >>> 24]!;
  }
  for (; at < bytes.length; at += 1) crc = (crc >>> 8) ^ tables[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
