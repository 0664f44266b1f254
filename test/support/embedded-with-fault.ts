// The embedded server, whose database thread a test can end: any message on the channel does.
import { subscribe } from 'node:diagnostics_channel';
import { BroadcastChannel, type Worker } from 'node:worker_threads';

subscribe('worker_threads', (message) => {
  const { worker } = message as { readonly worker: Worker };
  const channel = new BroadcastChannel('end-database');
  channel.onmessage = () => {
    channel.close();
    void worker.terminate();
  };
  worker.once('exit', () => channel.close());
});

await import('#server/embedded.ts');
