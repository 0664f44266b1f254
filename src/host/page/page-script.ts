// The two scripts every document of a window gets before its own: one for the page's world, one for the preload's.
// They are built from the source text of self-contained functions, which Node has already stripped of types.
import { createBridge } from './bridge.ts';
import { createCodec } from './codec.ts';
import { installIsolatedWorld, type IsolatedOptions } from './isolated-world.ts';
import { installMainWorld } from './main-world.ts';

/** Name of the isolated world, and so of its binding. */
export const preloadWorld = 'outpost-preload';

const whenTop = (body: string): string => `if (window === window.top) { ${body} }`;
const bridgeSource = (word: string, self: string, other: string): string =>
  `(${createBridge.toString()})((${createCodec.toString()}), ${JSON.stringify(word)}, '${self}', '${other}')`;

/** Goes first: it must be listening when the preload exposes its API. */
export function createMainWorldScript(word: string): string {
  return whenTop(`(${installMainWorld.toString()})(${bridgeSource(word, 'page', 'preload')});`);
}

/** @param preloadSource the preload as CommonJS text; '' when the window has none. */
export function createIsolatedWorldScript(word: string, options: IsolatedOptions, preloadSource: string): string {
  const preload = `function (require, module, exports, process) {\n${preloadSource}\n}`;
  return whenTop(
    `(${installIsolatedWorld.toString()})(${bridgeSource(word, 'preload', 'page')}, (${createCodec.toString()})(), ${JSON.stringify(options)}, ${preload});`,
  );
}
