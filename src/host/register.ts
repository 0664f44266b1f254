// Makes 'electron' mean the host's module, for import and require alike. `electron/index.js`, the path of the
// executable, stays what it is.
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const electronUrl = pathToFileURL(path.join(import.meta.dirname, 'electron.ts')).href;
/** `import electron from 'electron'` and its named form both work through this one. */
const facadeUrl = 'outpost-host:electron';
const names = new Set(['electron', 'electron/main', 'electron/common']);

export function registerElectronModule(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (names.has(specifier)) return { url: facadeUrl, format: 'module', shortCircuit: true };
      if (specifier === 'original-fs') return nextResolve('node:fs', context);
      return nextResolve(specifier, context);
    },
    load(url, context, nextLoad) {
      if (url !== facadeUrl) return nextLoad(url, context);
      const source = `export * from ${JSON.stringify(electronUrl)}; import * as electron from ${JSON.stringify(electronUrl)}; export default electron;`;
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
