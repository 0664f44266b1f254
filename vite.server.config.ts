// Builds the server that the application brings along: our own sources in a few files, packages as they are, because the
// database and the password hashing load files that lie beside theirs.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const namedThread = /new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g;

/** A thread named by its file is built too, under the same name; all files lie in one folder. */
function buildThreads(): Plugin {
  return {
    name: 'build-threads',
    enforce: 'pre',
    transform(code, importer) {
      return code.replaceAll(namedThread, (_match, name: string) => {
        const id = path.resolve(path.dirname(importer), `${name}.ts`);
        this.emitFile({ type: 'chunk', id, fileName: `${name}.mjs` });
        return `new URL('./${name}.mjs', import.meta.url)`;
      });
    },
  };
}

/** Templates of mails lie beside the built server as they lie among the resources. */
function copyEmails(): Plugin {
  const folder = path.join(import.meta.dirname, 'resources/emails');
  return {
    name: 'copy-emails',
    buildStart() {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (file.endsWith('.html'))
          this.emitFile({ type: 'asset', fileName: `emails/${file}`, source: readFileSync(path.join(folder, file)) });
    },
  };
}

export default defineConfig({
  plugins: [buildThreads(), copyEmails()],
  // Of the charts' package a twentieth is drawn with.
  ssr: { noExternal: ['echarts', 'zrender'] },
  build: {
    ssr: path.join(import.meta.dirname, 'src/server/embedded.ts'),
    outDir: 'out/server',
    target: 'node24',
    rolldownOptions: { output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' } },
  },
});
