// A file name comes from anywhere: another system, a mail, an attacker. What is kept is a name and nothing else: no path, no
// character that hides or turns around other characters, no name a system treats specially, and no more than fits.

const MOST_CHARACTERS = 180;
const MOST_EXTENSION = 20;
/** Names that Windows gives to devices, with any extension. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)/i;
/** Control and format characters (the marks that turn the direction of text around are among them), halves of pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Cannot stand in a name on some system, or mean something to a shell of it. */
const UNWELCOME = /[<>:"|?*]/g;

/** The name to keep; the same again for one that is clean already. Never empty. */
export function cleanFileName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = last
    .replace(UNSEEN, '')
    .replace(UNWELCOME, '_')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '')
    .trim();
  const safe = DEVICES.test(plain) ? `_${plain}` : plain;
  return shorten(safe) || 'file';
}

/** Cut in the middle of a name, so that it stays what its end says it is. */
function shorten(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= MOST_CHARACTERS) return name;
  const extension = extensionOf(name);
  const end = extension === '' ? '' : `.${name.slice(-extension.length)}`;
  return `${characters
    .slice(0, MOST_CHARACTERS - end.length)
    .join('')
    .replace(/[. ]+$/, '')}${end}`;
}

/** What stands behind the last dot, in small letters and without the dot; empty when there is no such thing. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
  return extension.length <= MOST_EXTENSION && !/[\s]/.test(extension) ? extension : '';
}
