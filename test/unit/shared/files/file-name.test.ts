import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanFileName, extensionOf } from '#shared/files/file-name.ts';

test.each([
  ['offer.pdf', 'offer.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\system32\\evil.exe', 'evil.exe'],
  ['..', 'file'],
  ['', 'file'],
  ['.bashrc', 'bashrc'],
  ['CON', '_CON'],
  ['lpt1.txt', '_lpt1.txt'],
  ['com10.txt', 'com10.txt'],
  ['report\u202Efdp.exe', 'reportfdp.exe'],
  ['zero\u200Bwidth.txt', 'zerowidth.txt'],
  ['nul\0byte.txt', 'nulbyte.txt'],
  ['line\r\nbreak.txt', 'linebreak.txt'],
  ['a<b>c:"d|e?f*.txt', 'a_b_c__d_e_f_.txt'],
  ['  spaces   inside .txt. . ', 'spaces inside .txt'],
  ['half \ud800 pair.txt', 'half pair.txt'],
  ['Angebot Müller.pdf', 'Angebot Müller.pdf'],
  ['e\u0301te\u0301.txt', 'été.txt'],
])('C13 the name %j is kept as %j', (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test('C13 any text becomes a name: no path, nothing unseen, not too long, and the same when it is cleaned again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (given) => {
      const name = cleanFileName(given);
      expect(name).not.toBe('');
      expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/u);
      expect(name).not.toMatch(/^\.|[. ]$/);
      expect(Array.from(name).length).toBeLessThanOrEqual(180);
      expect(cleanFileName(name)).toBe(name);
    }),
    { numRuns: 2000 },
  );
});

test('C13 a long name keeps its end, so that it stays what it is', () => {
  const name = cleanFileName(`${'x'.repeat(400)}.exe`);
  expect(name.endsWith('.exe')).toBe(true);
  expect(extensionOf(name)).toBe('exe');
});

test('C13 an extension is what stands behind the last dot', () => {
  expect(['a.tar.GZ', 'invoice.pdf.exe', 'none', '.hidden', 'dot.'].map(extensionOf)).toEqual([
    'gz',
    'exe',
    '',
    '',
    '',
  ]);
});
