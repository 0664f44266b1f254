import { expect, test } from 'vitest';
import { findOpenRefusal, previewOf } from '#shared/files/file-policy.ts';
import { sniffType } from '#shared/files/sniff-type.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);

test.each([
  ['image/png', png],
  ['image/jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
  ['image/webp', bytesOf('RIFF....WEBPVP8 ')],
  ['audio/wav', bytesOf('RIFF....WAVEfmt ')],
  ['application/pdf', bytesOf('%PDF-1.7\n')],
  ['application/zip', bytesOf('PK\u0003\u0004 word/document.xml')],
  ['application/x-executable', bytesOf('MZ\u0090\0')],
  ['application/x-executable', bytesOf('#!/bin/sh\nrm -rf ~')],
  ['application/x-executable', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2)],
  ['text/plain', bytesOf('Grüße\r\n\tein Text')],
  ['text/plain', Uint8Array.of(0xff, 0xfe, 0x41, 0)],
  ['text/html', bytesOf('  <!-- x --><HTML><script>alert(1)</script>')],
  ['text/html', bytesOf('Hello <img src=x onerror=alert(1)>')],
  ['image/svg+xml', bytesOf('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>')],
  ['application/xml', bytesOf('<?xml version="1.0"?><order/>')],
  ['application/octet-stream', Uint8Array.of(0, 1, 2, 3)],
])('C13 a file is %s by its bytes', (type, bytes) => {
  expect(sniffType(bytes)).toBe(type);
});

test('C13 nothing that could run is shown as anything but letters', () => {
  expect(
    ['image/png', 'image/svg+xml', 'text/html', 'application/pdf', 'application/x-executable'].map(previewOf),
  ).toEqual(['picture', 'text', 'text', 'pages', null]);
});

test.each([
  ['invoice.pdf.exe', 'application/pdf', 'runnable'],
  ['page.HTML', 'text/plain', 'runnable'],
  ['macro.xlsm', 'application/zip', 'runnable'],
  ['link.lnk', 'application/octet-stream', 'runnable'],
  ['start.desktop', 'text/plain', 'runnable'],
  ['picture.png', 'application/x-executable', 'disguised'],
  ['notes.txt', 'text/html', 'disguised'],
  ['noextension', 'text/plain', 'unknown'],
  ['offer.pdf', 'application/pdf', null],
  ['sheet.xlsx', 'application/zip', null],
])('C13 %s with the bytes of %s is opened only when nothing runs by it', (name, mediaType, refusal) => {
  expect(findOpenRefusal(name, mediaType)).toBe(refusal);
});
