// What somebody types as the place a link leads to, as an address; null when it is none.
const MAIL = /^(?:mailto:)?([^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+)$/i;

export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  const mail = MAIL.exec(text)?.[1];
  if (mail !== undefined && !/^https?:/i.test(text)) return `mailto:${mail}`;
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) && !/^https?:\/\//i.test(text)) return null;
  if (/\s/.test(address) || !URL.canParse(address)) return null;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname.includes('.') || hostname.startsWith('[') ? address : null;
}
