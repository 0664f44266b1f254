import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importers: readonly string[]; readonly isEntry: boolean } | null;
}

/**
 * Which pages need a module at their start: `window`, `data-host`, or `both`. Each page then starts from a few large
 * files, because every file costs a question to the main process, and loads nothing of the other page.
 */
function nameByPage(id: string, graph: ModuleGraph): string {
  const pages = new Set<string>();
  const seen = new Set([id]);
  for (const module of seen) {
    const info = graph.getModuleInfo(module);
    if (info?.isEntry === true) pages.add(module.includes('data-host') ? 'data-host' : 'window');
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  const [page, other] = [...pages];
  return other === undefined ? (page ?? 'window') : 'both';
}

const at = (file: string): string => path.join(import.meta.dirname, file);

export default defineConfig({
  main: {
    build: {
      // keytar is optional and native: found at run time, or not. typebox is hundreds of small files, and reading them one
      // by one is most of what the main process would do at start.
      externalizeDeps: { include: ['@github/keytar'], exclude: ['typebox'] },
      rolldownOptions: { input: { index: at('src/main/index.ts') } },
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
    build: {
      minify: true,
      rolldownOptions: {
        input: {
          index: at('src/renderer/index.html'),
          'data-host': at('src/renderer/data-host.html'),
        },
        output: { codeSplitting: { groups: [{ name: nameByPage, tags: ['$initial'] }] } },
      },
    },
  },
});
