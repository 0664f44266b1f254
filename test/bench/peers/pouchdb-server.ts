// A program: a PouchDB server with PouchDB's storage in Node, LevelDB. Argument: begin of the paths of its databases.
import type { AddressInfo } from 'node:net';
import express from 'express';
import createPouchServer from 'express-pouchdb';
import PouchDB from 'pouchdb-core';
import leveldb from 'pouchdb-adapter-leveldb';
import mapreduce from 'pouchdb-mapreduce';
import replication from 'pouchdb-replication';

PouchDB.plugin(leveldb).plugin(mapreduce).plugin(replication);
const prefix = process.argv[2] ?? '';
const Stored = PouchDB.defaults({ adapter: 'leveldb', prefix });
const app = express();
app.use(createPouchServer(Stored, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${prefix}log.txt` }));
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${String(port)}` })}\n`);
});
process.stdin.resume();
process.stdin.once('end', () => {
  server.closeAllConnections();
  server.close();
});
