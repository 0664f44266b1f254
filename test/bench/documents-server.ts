// A program: the least a server can do for RxDB's HTTP replication. The same records as the company of that size, kept as
// finished text, cut into pages by the checkpoint. Nothing is sealed, checked or read from a disk, to the peer's advantage.
// Arguments: number of deals.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeCompany } from '#test/bench/make-deals.ts';

const { records } = makeCompany(Number(process.argv[2] ?? 0), Date.now());
const texts = records.map((deal) => JSON.stringify({ ...deal, _deleted: false }));
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const from = Number(url.searchParams.get('from') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 1);
  const page = texts.slice(from, from + limit);
  response.setHeader('content-type', 'application/json');
  response.setHeader('access-control-allow-origin', '*');
  response.end(`{"documents":[${page.join(',')}],"checkpoint":{"from":${String(from + page.length)}}}`);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${String(port)}` })}\n`);
});
process.stdin.resume();
process.stdin.once('end', () => {
  server.closeAllConnections();
  server.close();
});
