// The few things of PouchDB that the bench uses; its packages come without types.
interface PouchDatabase {
  bulkDocs(documents: readonly object[]): Promise<readonly { readonly rev?: string }[]>;
  readonly replicate: {
    to(target: PouchDatabase, options: { readonly batch_size: number }): Promise<{ readonly docs_written: number }>;
    from(source: PouchDatabase, options: { readonly batch_size: number }): Promise<{ readonly docs_written: number }>;
  };
  close(): Promise<void>;
  destroy(): Promise<void>;
}
interface PouchClass {
  new (name: string, options?: object): PouchDatabase;
  plugin(plugin: object): PouchClass;
  defaults(options: object): PouchClass;
}

declare module 'pouchdb-browser' {
  const PouchDB: PouchClass;
  export default PouchDB;
}
declare module 'pouchdb-core' {
  const PouchDB: PouchClass;
  export default PouchDB;
}
declare module 'pouchdb-adapter-http' {
  const plugin: object;
  export default plugin;
}
declare module 'pouchdb-adapter-leveldb' {
  const plugin: object;
  export default plugin;
}
declare module 'pouchdb-mapreduce' {
  const plugin: object;
  export default plugin;
}
declare module 'pouchdb-replication' {
  const plugin: object;
  export default plugin;
}
declare module 'express-pouchdb' {
  export default function createPouchServer(database: PouchClass, options: object): (...args: unknown[]) => void;
}
declare module 'express' {
  import type { Server } from 'node:http';
  interface Application {
    use(handler: (...args: unknown[]) => void): void;
    listen(port: number, host: string, onListening: () => void): Server;
  }
  export default function express(): Application;
}
