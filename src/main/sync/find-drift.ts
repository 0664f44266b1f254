// Does this computer hold what the server says it should? A record that differs only because a change of it is under way
// is no drift: what differs is looked at again when everything was exchanged, and only what differs both times counts.
import type { Finding } from '#shared/doctor/snapshot.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Look, Reconciler } from '#main/sync/reconciler.ts';

export interface Drift {
  /** Records that should be here. */
  readonly records: number;
  readonly missing: number;
  readonly different: number;
  readonly surplus: number;
  readonly findings: readonly Finding[];
}

/** Compares everything with the server and changes nothing. Throws what the server or the network refuses. */
export async function findDrift(
  reconciler: Pick<Reconciler, 'look'>,
  profile: ActiveProfile,
  exchangeAll: () => Promise<void>,
): Promise<Drift> {
  const first = await reconciler.look(profile);
  if (first.findings.size === 0) return toDrift(first);
  await exchangeAll();
  const second = await reconciler.look(profile);
  const lasting = [...second.findings].filter((finding) => first.findings.has(finding));
  return toDrift({ ...second, findings: new Set(lasting) });
}

function toDrift({ records, findings }: Look): Drift {
  const all = [...findings].map(toFinding);
  const count = (wanted: Finding['kind']): number => all.filter(({ kind }) => kind === wanted).length;
  return {
    records,
    missing: count('missing'),
    different: count('different'),
    surplus: count('surplus'),
    findings: all,
  };
}

/** A look writes `kind collection/id`. */
function toFinding(text: string): Finding {
  const [kind, place = ''] = text.split(' ');
  const slash = place.indexOf('/');
  return { kind: kind as Finding['kind'], coll: place.slice(0, slash), id: place.slice(slash + 1) };
}
