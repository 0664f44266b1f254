// What may be done with a file on a computer. Pictures and text are shown, as pictures and as text, never as pages. What a
// system would run, in whatever disguise, is not opened from here: it can be saved, knowingly.
import { extensionOf } from '#shared/files/file-name.ts';

/** Shown by the picture decoder of the browser alone. SVG is not among them: it is a program. */
const pictures: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** Shown as letters, whatever they would mean to a browser. */
const texts: readonly string[] = ['text/plain', 'text/html', 'image/svg+xml', 'application/xml'];

export type PreviewKind = 'picture' | 'text' | 'pages';

/** How a file of this sniffed type is shown; null when it is not. */
export function previewOf(mediaType: string): PreviewKind | null {
  if (pictures.includes(mediaType)) return 'picture';
  // Painted by a reader that runs no script of theirs (`pdf-preview.tsx`).
  if (mediaType === 'application/pdf') return 'pages';
  return texts.includes(mediaType) ? 'text' : null;
}

/** Largest file that is decoded to be looked at. */
export const MOST_PREVIEW_BYTES = 25 * 1024 * 1024;
/** As much of a text as a person reads in a preview. */
export const MOST_PREVIEW_TEXT_BYTES = 512 * 1024;

/** Run, installed, mounted or interpreted by some system when somebody opens them. */
const runnable = new Set(
  `action apk app appimage application appref-ms bash bat bin cab chm cmd com command cpl csh deb desktop dll dmg
   elf exe fish gadget hta htm html inf ins iqy iso jar jnlp js jse ksh lnk mht mhtml msc msi msix msp mst ocx osx out
   pif pkg pl prf ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyw rb reg rpm run scf scpt scr sct service settingcontent-ms
   sh shb shs shtml slk svg svgz sys terminal tool url vb vbe vbs vhd vhdx vxd webloc website wsc wsf wsh xhtml xll
   xml zsh docm dotm xlsm xltm xlam xla pptm potm ppam ppsm sldm`.split(/\s+/),
);

/** Types that are opened whatever their name is missing: they hold nothing that runs by itself. */
const refusedTypes: readonly string[] = ['application/x-executable', 'text/html', 'image/svg+xml'];

export type OpenRefusal = 'runnable' | 'disguised' | 'unknown';

/**
 * Why a file is not handed to another program, or null when it is. `runnable`: its name makes a system run it. `disguised`:
 * it is something else than its name says. `unknown`: nothing says what would happen to it.
 */
export function findOpenRefusal(name: string, mediaType: string): OpenRefusal | null {
  const extension = extensionOf(name);
  if (runnable.has(extension)) return 'runnable';
  if (refusedTypes.includes(mediaType)) return 'disguised';
  if (extension === '') return 'unknown';
  return null;
}
