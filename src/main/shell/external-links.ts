import { OutpostError } from '#shared/kernel/errors.ts';

/** An address another program may be given: https without name and password, mailto, a phone number. Throws `action_forbidden`. */
export function checkExternalUrl(text: string): string {
  const refusal = new OutpostError(
    'action_forbidden',
    'Outpost opens only web and mail addresses and phone numbers outside.',
  );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refusal;
  }
  const isWeb = url.protocol === 'https:' && url.hostname !== '' && url.username === '' && url.password === '';
  const isPhone = url.protocol === 'tel:' && /^\+?\d{2,20}$/.test(url.pathname) && url.search === '' && url.hash === '';
  if (!isWeb && !isPhone && url.protocol !== 'mailto:') throw refusal;
  return url.href;
}
