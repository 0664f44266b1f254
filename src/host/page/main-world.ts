// What the host puts into the page's own world before any of its scripts: the frozen APIs the preload exposes, and
// window.open that never makes a native popup (closing a denied popup would hang the caller under a debugger).
// Sent to the page as source text, so it is self-contained.
import type { Bridge } from './bridge.ts';

export function installMainWorld(bridge: Bridge): void {
  const freezeDeep = (value: unknown): unknown => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || Object.isFrozen(value))
      return value;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
    Object.freeze(value);
    for (const item of Object.values(value)) freezeDeep(item);
    return value;
  };

  bridge.on('expose', (message) => {
    const [key, api] = message as [string, unknown];
    Object.defineProperty(globalThis, key, {
      value: freezeDeep(api),
      enumerable: true,
      writable: false,
      configurable: false,
    });
  });

  globalThis.open = (url, target, features) => {
    bridge.send('open', {
      url: new URL(String(url ?? 'about:blank'), document.baseURI).href,
      frameName: target ?? '',
      features: features ?? '',
    });
    return null;
  };
}
