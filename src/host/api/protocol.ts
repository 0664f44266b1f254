// protocol: custom schemes, served to Chromium by the app server.
import type Electron from 'electron';
import { schemeHandlers } from '../browser/app-server.ts';
import { schemes } from '../browser/origin.ts';
import { createStrict } from '../unavailable.ts';

const members: Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'> = {
  registerSchemesAsPrivileged(list) {
    for (const { scheme, privileges } of list) {
      if (privileges?.standard !== true || privileges.secure !== true)
        throw new Error(`The Chromium host needs scheme '${scheme}' to be standard and secure`);
      schemes.set(scheme, { standard: true, secure: true });
    }
  },
  handle(scheme, handler) {
    if (!schemes.has(scheme))
      throw new Error(`The Chromium host serves registered schemes only: '${scheme}' is not one`);
    if (schemeHandlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    schemeHandlers.set(scheme, handler);
  },
  unhandle(scheme) {
    if (!schemeHandlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  },
  isProtocolHandled: (scheme) => schemeHandlers.has(scheme),
};
export const protocol = createStrict('protocol', members);
