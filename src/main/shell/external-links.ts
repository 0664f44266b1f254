import { OutpostError } from '#shared/kernel/errors.ts';

/** An address another program may be given: https and mailto, of sane length, without name and password. Throws `action_forbidden`. */
export function checkExternalUrl(text: string): string {
  const refusal = new OutpostError('action_forbidden', 'Outpost opens only web and mail addresses outside.');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refusal;
  }
  const isWeb = url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '';
  if (!isWeb && url.protocol !== 'mailto:') throw refusal;
  return url.href;
}
