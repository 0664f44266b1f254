// Reads the link of an invitation, opened or pasted. It is read by a list of parts alone; it opens a form that says where it
// leads, and does nothing by itself.
import { JOIN_PATH, type InvitationLink } from '#shared/sync/invitation-link.ts';
import { LINK_SCHEME } from '#main/shell/deep-links.ts';

const APP_LINK = `${LINK_SCHEME}://join`;
/** An address of mail is at most 254 letters long, all of them escaped three times that; more is no invitation. */
const MOST_LETTERS = 1500;
const MOST_EMAIL = 254;
const MOST_CODE = 64;

/** Either form of the link; null for anything else. */
export function parseInvitation(text: string): InvitationLink | null {
  const link = text.trim();
  if (link.length > MOST_LETTERS) return null;
  const url = URL.parse(link);
  if (url === null) return null;
  if (link.startsWith(`${APP_LINK}?`) || link.startsWith(`${APP_LINK}/?`))
    return toInvitation(url.searchParams.get('server'), url.searchParams);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.pathname !== JOIN_PATH || url.username !== '' || url.password !== '') return null;
  const invitation = toInvitation(url.origin, new URLSearchParams(url.hash.slice(1)));
  return invitation === null || invitation.code === null ? null : invitation;
}

function toInvitation(server: string | null, parts: URLSearchParams): InvitationLink | null {
  const email = parts.get('email') ?? '';
  const code = parts.get('code');
  const origin = server === null ? null : originOf(server);
  if (origin === null || !/^[^\s@]+@[^\s@]+$/.test(email) || email.length > MOST_EMAIL) return null;
  const isSane = code === null || (/^[\w-]+$/.test(code) && code.length <= MOST_CODE);
  return isSane ? { serverUrl: origin, email, code } : null;
}

/** Without encryption on this computer alone. */
function originOf(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return null;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? url.origin : null;
}

/** The first invitation among the arguments of a start. */
export function findInvitation(args: readonly string[]): InvitationLink | null {
  for (const arg of args) {
    const invitation = arg.startsWith(APP_LINK) ? parseInvitation(arg) : null;
    if (invitation !== null) return invitation;
  }
  return null;
}

export interface OpenedInvitations {
  note(invitation: InvitationLink | null): void;
  /** The last one, once. It is kept nowhere else, and in no address a window shows. */
  take(): InvitationLink | null;
}

export function createOpenedInvitations(announce: () => void): OpenedInvitations {
  let opened: InvitationLink | null = null;
  return {
    note(invitation) {
      if (invitation === null) return;
      opened = invitation;
      announce();
    },
    take() {
      const taken = opened;
      opened = null;
      return taken;
    },
  };
}
