// The events one may listen to. Nearly all are emitted; those under `inert` never come in the host because their cause
// cannot arise in it (no other network, no native pop-ups, no macOS dock, no Windows session end), except that a page
// that hangs is not noticed.
const toSet = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/).filter((name) => name !== ''));

export const appEventNames = toSet(`
  ready before-quit will-quit quit window-all-closed second-instance web-contents-created browser-window-created
  browser-window-focus browser-window-blur render-process-gone
  ${/* inert */ 'activate open-url open-file certificate-error child-process-gone will-finish-launching'}`);

export const windowEventNames = toSet(`
  close closed show hide focus blur minimize maximize unmaximize restore resize resized move moved
  enter-full-screen leave-full-screen ready-to-show page-title-updated
  ${/* inert */ 'unresponsive responsive session-end query-session-end'}`);

export const contentsEventNames = toSet(`
  did-start-loading did-stop-loading did-finish-load did-frame-finish-load did-fail-load dom-ready did-navigate
  did-navigate-in-page will-navigate will-frame-navigate page-title-updated render-process-gone destroyed console-message
  preload-error will-prevent-unload
  ${/* inert */ 'unresponsive responsive will-redirect will-attach-webview did-create-window'}`);
