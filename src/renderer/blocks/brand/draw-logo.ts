// A picture somebody chose, as the logo that is kept: drawn to a PNG here, so that nothing of the file itself (a program in a
// drawing, a place and a time in a photo) goes anywhere. A drawing is shown as a picture is, where no program in it runs.
import { MOST_LOGO_BYTES, isLogo } from '#shared/brand/check-logo.ts';
import { SNIFFED_BYTES, sniffType } from '#shared/files/sniff-type.ts';

const MOST_FILE_BYTES = 5_000_000;
/** Of the longer side: twice what is shown at most. The next is tried when the file is too large. */
const SIDES = [320, 224, 160, 96] as const;
const TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'];

export type LogoFailure = 'tooLarge' | 'otherType' | 'unreadable';

export class LogoError extends Error {
  override readonly name = 'LogoError';
  readonly failure: LogoFailure;
  constructor(failure: LogoFailure, options?: ErrorOptions) {
    super(failure, options);
    this.failure = failure;
  }
}

async function openPicture(file: Blob, type: string): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(new Blob([file], { type }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    return picture;
  } catch (error) {
    throw new LogoError('unreadable', { cause: error });
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function draw(picture: HTMLImageElement, side: number): Promise<Uint8Array> {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.min(side / Math.max(width, height), 1);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext('2d');
  if (context === null) throw new LogoError('unreadable');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const drawn = await new Promise<Blob | null>((resolve, reject) => {
    try {
      canvas.toBlob(resolve, 'image/png');
    } catch (error) {
      // A drawing that shows parts of other places.
      reject(new LogoError('unreadable', { cause: error }));
    }
  });
  if (drawn === null) throw new LogoError('unreadable');
  return new Uint8Array(await drawn.arrayBuffer());
}

/** The logo as base64. @throws LogoError */
export async function drawLogo(file: Blob): Promise<string> {
  if (file.size > MOST_FILE_BYTES) throw new LogoError('tooLarge');
  const type = sniffType(new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer()));
  if (!TYPES.includes(type)) throw new LogoError('otherType');
  const picture = await openPicture(file, type);
  for (const side of SIDES) {
    const bytes = await draw(picture, side);
    if (bytes.length <= MOST_LOGO_BYTES && isLogo(bytes))
      return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''));
  }
  throw new LogoError('tooLarge');
}
