// How the organization of this computer looks, kept for the moments in which its records are not there: the sign-in, the start.
// It holds for the person and the server it came with, and for nobody else.
import { brandOf, isBranded, noBrand, type Brand } from '#shared/brand/brand.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';

const KEY = 'outpost.brand';

interface Owner {
  readonly serverUrl: string;
  readonly email: string;
}

function ownerOf(session: SessionState | null): Owner | null {
  if (session === null || session.status === 'locked' || session.status === 'firstRun') return null;
  const email = session.status === 'signedIn' ? session.actor.email : session.email;
  return email === null ? null : { serverUrl: session.serverUrl, email };
}

function readKept(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null');
  } catch {
    return null;
  }
}

/** What is known of the organization this session is about. */
export function keptBrand(session: SessionState | null): Brand {
  const owner = ownerOf(session);
  const kept = readKept();
  if (owner === null || !isPlainObject(kept)) return noBrand;
  return kept['serverUrl'] === owner.serverUrl && kept['email'] === owner.email
    ? brandOf({ brandName: kept['name'], brandLogo: kept['logo'], brandAccent: kept['accent'] })
    : noBrand;
}

export function keepBrand(session: SessionState, brand: Brand): void {
  const owner = ownerOf(session);
  if (owner === null || !isBranded(brand)) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, JSON.stringify({ ...owner, ...brand }));
}
