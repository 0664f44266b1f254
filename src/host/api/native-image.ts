// nativeImage: makes images the host never draws.
import { readFileSync } from 'node:fs';
import { createStrict } from '../unavailable.ts';
import { NativeImage } from './desktop.ts';

function readImage(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // As in Electron: an image that cannot be read is an empty one.
    return Buffer.alloc(0);
  }
}

export const nativeImage = createStrict('nativeImage', {
  createEmpty: () => new NativeImage(Buffer.alloc(0)),
  createFromPath: (file: string) => new NativeImage(readImage(file)),
  createFromBuffer: (bytes: Buffer) => new NativeImage(bytes),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
});
