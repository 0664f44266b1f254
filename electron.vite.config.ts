import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

interface ModuleInfo {
  readonly importers: readonly string[];
  readonly dynamicImporters: readonly string[];
  readonly isEntry: boolean;
}
interface ModuleGraph {
  getModuleInfo(id: string): ModuleInfo | null;
}

/** The pages that come to a module by the given ways. */
function pagesOf(id: string, graph: ModuleGraph, waysTo: (info: ModuleInfo) => readonly string[]): ReadonlySet<string> {
  const pages = new Set<string>();
  const seen = new Set([id]);
  for (const module of seen) {
    const info = graph.getModuleInfo(module);
    if (info === null) continue;
    if (info.isEntry) pages.add(module.includes('data-host') ? 'data-host' : 'window');
    for (const importer of waysTo(info)) seen.add(importer);
  }
  return pages;
}

/** Which pages need a module at their start: `window`, `data-host`, or `both`. */
function nameByPage(id: string, graph: ModuleGraph): string {
  const [page = 'window', other] = [...pagesOf(id, graph, (info) => info.importers)];
  return other === undefined ? page : 'both';
}

/** What the data host starts with and a screen of the window loads later, null for everything else. */
function nameOfShared(id: string, graph: ModuleGraph): string | null {
  if (nameByPage(id, graph) !== 'data-host') return null;
  const everyWay = pagesOf(id, graph, (info) => [...info.importers, ...info.dynamicImporters]);
  return everyWay.has('window') ? 'data-host-and-screens' : null;
}

/**
 * Each page starts from a few large files, because every file costs a question to the main process, and loads nothing
 * of the other page. What a screen shares with the data host stands apart and is taken out first: found in the data
 * host's own file, it would start a second data host in the window.
 */
const atStart: '$initial'[] = ['$initial'];
const groups = [
  { name: nameOfShared, tags: atStart, priority: 2 },
  { name: nameByPage, tags: atStart, priority: 1 },
];

const at = (file: string): string => path.join(import.meta.dirname, file);

export default defineConfig({
  main: {
    build: {
      // keytar is optional and native: found at run time, or not. typebox is hundreds of small files, and reading them one
      // by one is most of what the main process would do at start.
      externalizeDeps: { include: ['@github/keytar'], exclude: ['typebox'] },
      rolldownOptions: {
        input: { index: at('src/main/index.ts') },
        // Beside the first script: places of other files are told from the folder of both.
        output: { chunkFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react()],
    // A worker loads what only some files need when it needs it.
    worker: { format: 'es' },
    build: {
      minify: true,
      rolldownOptions: {
        input: {
          index: at('src/renderer/index.html'),
          'data-host': at('src/renderer/data-host.html'),
        },
        output: { codeSplitting: { groups } },
      },
    },
  },
});
