const { contextBridge, ipcRenderer } = require('electron');

globalThis.preloadSecret = 'only in the isolated world';
contextBridge.exposeInMainWorld('api', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  tell: (...args) => ipcRenderer.send('told', ...args),
  onNews: (listener) => {
    const forward = (_event, ...args) => listener(...args);
    ipcRenderer.on('news', forward);
    return () => ipcRenderer.off('news', forward);
  },
  addNow: (left, right) => left + right,
  failNow: () => {
    throw new TypeError('preload exploded');
  },
  askNow: () => ipcRenderer.sendSync('told'),
  names: ['a', 'b'],
});
