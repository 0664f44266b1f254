// A name server on this computer that knows texts of names and nothing else.
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';

export interface TestDns {
  readonly texts: Map<string, readonly string[]>;
  resolveTxt(name: string): Promise<readonly (readonly string[])[]>;
  stop(): void;
}

const HEADER_BYTES = 12;

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function answerTo(query: Buffer, texts: readonly string[]): Buffer {
  const { end } = readName(query);
  const header = Buffer.from(query.subarray(0, HEADER_BYTES));
  // An answer; no such name when there is nothing.
  header.writeUInt16BE(texts.length === 0 ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(texts.length, 6);
  header.writeUInt32BE(0, 8);
  const records = texts.map((text) => {
    const bytes = Buffer.from(text);
    const record = Buffer.alloc(13 + bytes.length);
    // The name of the question, type TXT, class IN, for no time.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(16, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(bytes.length + 1, 10);
    record.writeUInt8(bytes.length, 12);
    bytes.copy(record, 13);
    return record;
  });
  return Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...records]);
}

export async function startDns(): Promise<TestDns> {
  const texts = new Map<string, readonly string[]>();
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    socket.send(answerTo(query, texts.get(readName(query).name) ?? []), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${String(socket.address().port)}`]);
  return { texts, resolveTxt: (name) => resolver.resolveTxt(name), stop: () => socket.close() };
}
