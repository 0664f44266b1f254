import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

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
      },
    },
  },
});
