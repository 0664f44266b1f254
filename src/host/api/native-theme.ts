// nativeTheme: light unless the app asks for dark; pages follow through prefers-color-scheme. The desktop's own
// setting is not read, so 'system' is light.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import type { CdpSession } from '../browser/cdp-connection.ts';
import { contents } from '../registry.ts';
import { createSlice } from '../unavailable.ts';

type Source = Electron.NativeTheme['themeSource'];
let source: Source = 'system';

/** Tells one page the present scheme. */
export async function applyTheme(session: CdpSession): Promise<void> {
  await session.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: source === 'system' ? '' : source }],
  });
}

const emitter = new EventEmitter();
const members: Pick<
  Electron.NativeTheme,
  'themeSource' | 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'inForcedColorsMode'
> = {
  get themeSource() {
    return source;
  },
  set themeSource(next: Source) {
    if (next !== 'system' && next !== 'light' && next !== 'dark')
      throw new TypeError(`Invalid themeSource: ${String(next)}`);
    const wasDark = source === 'dark';
    source = next;
    for (const page of contents.values()) {
      page.opened.then(applyTheme).catch(() => {
        // The window closed meanwhile: there is nothing left to colour.
      });
    }
    if (wasDark !== (next === 'dark')) emitter.emit('updated');
  },
  get shouldUseDarkColors() {
    return source === 'dark';
  },
  shouldUseHighContrastColors: false,
  inForcedColorsMode: false,
};
export const nativeTheme = createSlice('nativeTheme', emitter, members);
