// What libraries for Node and pages alike look at before they do anything.
Object.assign(globalThis, { process: { env: {}, versions: {}, argv: [] } });
