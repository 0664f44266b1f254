// Pictures of the network that a mail names, once the person asked to see them: fetched here, never by the page that shows the
// mail, from public addresses only, without cookies or a word about who asks, and only if they are pictures.
import { askChecked } from '#main/mail/reach-host.ts';
import { toPicture } from '#main/mail/read-mail.ts';

const MOST_PICTURE_BYTES = 5 * 1024 * 1024;
const MOST_ALL_BYTES = 25 * 1024 * 1024;
const LIMIT_MS = 15_000;
const AT_ONCE = 4;

export interface FetchedPicture {
  readonly url: string;
  /** Null when there is none, or it is none. */
  readonly dataUrl: string | null;
}

export async function fetchPictures(urls: readonly string[], ask = askChecked): Promise<readonly FetchedPicture[]> {
  const waiting = [...new Set(urls)];
  const found: FetchedPicture[] = [];
  let bytes = 0;
  async function work(): Promise<void> {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      const dataUrl = bytes > MOST_ALL_BYTES ? null : await fetchOne(url);
      bytes += dataUrl?.length ?? 0;
      found.push({ url, dataUrl });
    }
  }
  async function fetchOne(url: string): Promise<string | null> {
    try {
      const answer = await ask(url, { isOwnNetwork: false, mostBytes: MOST_PICTURE_BYTES, limitMs: LIMIT_MS });
      return answer.status === 200 ? toPicture(answer.bytes) : null;
    } catch {
      // A picture that does not come is a gap in a mail.
      return null;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
