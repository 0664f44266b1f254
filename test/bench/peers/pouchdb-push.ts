// A program: pushes edits of documents from PouchDB on LevelDB, its storage in Node, to a PouchDB server, some times at
// each of some batch sizes. Says the milliseconds of each push in one line of JSON.
// Arguments: address of the server's database, folder for the device's database, file with the documents, rounds, sizes.
import { readFileSync } from 'node:fs';
import PouchDB from 'pouchdb-core';
import http from 'pouchdb-adapter-http';
import leveldb from 'pouchdb-adapter-leveldb';
import replication from 'pouchdb-replication';

const [url = '', folder = '', file = '', rounds = '1', ...sizes] = process.argv.slice(2);
PouchDB.plugin(leveldb).plugin(http).plugin(replication);
const documents = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly id: string }[];
const local = new PouchDB(folder, { adapter: 'leveldb' });
const remote = new PouchDB(url);
let stored = await local.bulkDocs(documents.map((document) => ({ ...document, _id: document.id })));
await local.replicate.to(remote, { batch_size: 1000 });
const seen: { readonly batchSize: number; readonly times: number[] }[] = [];
for (const batchSize of sizes.map(Number)) {
  const times: number[] = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    const nextStep = `Step of round ${String(round)} of ${String(batchSize)}`;
    const edits = documents.map((document, at) => ({ ...document, nextStep, _id: document.id, _rev: stored[at]?.rev }));
    stored = await local.bulkDocs(edits);
    const startedMs = performance.now();
    const outcome = await local.replicate.to(remote, { batch_size: batchSize });
    times.push(performance.now() - startedMs);
    if (outcome.docs_written !== edits.length) throw new Error('PouchDB did not push every edit');
  }
  seen.push({ batchSize, times });
}
await local.close();
process.stdout.write(`${JSON.stringify(seen)}\n`);
