// Who may import whom. Read this first: it is the architecture, and `npm run check` executes it.
// Zones meet only in `shared`; sibling renderer features never import each other.
const zone = (name) => `^src/${name}/`;
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-circular', 'A cycle hides which module is the more fundamental one.', {}, { circular: true }),
    forbid('shared-is-pure', 'shared may use shared and pure packages only.', { path: zone('shared') }, { path: '^src/(?!shared/)' }),
    forbid(
      'shared-packages',
      'shared runs in every process: no node, no electron, no rxdb, no fastify. What runs everywhere, too, and is loaded when it is needed: pdfkit, echarts, and the pieces that send traces and errors.',
      { path: zone('shared') },
      { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'], pathNot: '^node_modules/(typebox|pdfkit|echarts|@opentelemetry|@sentry/core)/' },
    ),
    forbid('main-zone', 'main sees shared only; it starts the embedded server by its built file, with the messages of shared/ipc.', { path: zone('main') }, { path: '^src/(?!main/|shared/)' }),
    forbid('server-zone', 'server sees shared only and runs without Electron.', { path: zone('server') }, { path: '^src/(?!server/|shared/)|node_modules/(electron|react|rxdb|dexie)/' }),
    forbid('preload-zone', 'preload builds window.outpost from the channel names, nothing else.', { path: zone('preload') }, { path: '^src/(?!preload/|shared/ipc/)' }),
    forbid('host-zone', 'host knows nothing of the product.', { path: zone('host') }, { path: '^src/(?!host/)' }),
    forbid('renderer-zone', 'renderer sees shared only.', { path: zone('renderer') }, { path: '^src/(?!renderer/|shared/)|node_modules/electron/' }),
    forbid('renderer-no-node', 'the renderer is sandboxed.', { path: zone('renderer') }, { dependencyTypes: ['core'] }),
    forbid('rxdb-only-in-data', 'renderer/data is the only place that knows RxDB and Dexie.', { path: zone('renderer'), pathNot: '^src/renderer/data/' }, { path: 'node_modules/(rxdb|dexie)/' }),
    forbid('ui-knows-no-crm', 'ui is the design system.', { path: '^src/renderer/ui/' }, { path: '^src/(renderer/(?!ui/)|shared/(?!kernel/))' }),
    forbid('blocks-below-features', 'blocks are pieces that know records; they know no screen.', { path: '^src/renderer/blocks/' }, { path: '^src/renderer/(features/|app/(?!store|i18n|format))' }),
    forbid('data-below-features', 'data never imports screens.', { path: '^src/renderer/data/' }, { path: '^src/renderer/(?!data/)' }),
    forbid(
      'features-are-siblings',
      'a feature never imports another feature.',
      { path: '^src/renderer/features/([^/]+)/' },
      { path: '^src/renderer/features/', pathNot: '^src/renderer/features/$1/' },
    ),
    forbid('features-below-app', 'features never import the composition.', { path: '^src/renderer/features/' }, { path: '^src/renderer/app/', pathNot: '^src/renderer/app/(store|i18n|format)' }),
    forbid('no-orphans-unresolved', 'every import resolves.', {}, { couldNotResolve: true, pathNot: '^electron' }),
  ],
  options: {
    // A package is judged by the name it is imported by, also where the folder of packages is a link.
    preserveSymlinks: true,
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'] },
  },
};
