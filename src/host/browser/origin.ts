// A custom scheme's address and the one Chromium uses for it: app://outpost/x is http://outpost.app.localhost/x.
// The host name never holds a port, so the origin, and with it IndexedDB, stays the same over restarts; names under
// .localhost are a secure context. Inside the page `location.origin` is the http form: this difference stays.

export interface SchemePrivileges {
  readonly standard?: boolean;
  readonly secure?: boolean;
}

export const schemes = new Map<string, SchemePrivileges>();
/** Origins, in their browser form, that were given to Chromium in this run. */
export const usedOrigins = new Set<string>();

/** The address to give Chromium; addresses of other schemes are returned unchanged. */
export function toBrowserUrl(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)(.*)$/i.exec(url);
  if (match === null || !schemes.has((match[1] ?? '').toLowerCase())) return url;
  const rest = match[3] ?? '';
  const origin = `http://${match[2]}.${match[1]}.localhost`;
  usedOrigins.add(origin);
  return origin + (rest.startsWith('/') ? rest : `/${rest}`);
}

/** The app's own address for one that Chromium reports. */
export function toAppUrl(url: string): string {
  const match = /^http:\/\/([^/?#]+)\.([a-z][a-z0-9+-]*)\.localhost(?=[/?#]|$)(.*)$/i.exec(url);
  if (match === null || !schemes.has(match[2] ?? '')) return url;
  return `${match[2]}://${match[1]}${match[3]}`;
}
