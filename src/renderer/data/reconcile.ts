// What happens to the local database when rights changed or it fell out of step: what was lost goes at once, with every
// copy of it on the disk; then it is compared with the server's manifest, and only what differs is asked for. The place
// in the manifest is written after what it covers, so that an interrupted comparison goes on where it was.
import type { Applier, ProjectionToSet } from '#renderer/data/apply.ts';
import type { LocalDatabase } from '#renderer/data/database.ts';
import { projectionOf } from '#renderer/data/local-record.ts';
import { collectionNames, type AnyRecord, type CollectionName } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { HostPosition, HostRequest, ManifestFindings, PlacesOfCollection } from '#shared/ipc/host-request.ts';
import { covers, entriesOf, FINGERPRINT_BYTES, fingerprintText } from '#shared/sync/manifest.ts';
import type { ManifestRange, ScopeDrop } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { isDropped, withoutLostFields } from '#shared/sync/scope-drop.ts';

type Request<Kind extends HostRequest['kind']> = Extract<HostRequest, { readonly kind: Kind }>;

export interface Reconciler {
  position(): HostPosition;
  purge(drop: ScopeDrop): Promise<void>;
  compare(request: Request<'compareManifest'>): Promise<ManifestFindings>;
  apply(request: Request<'applyManifest'>): Promise<void>;
  /** Null as long as what is held is not complete. */
  findAbsent(places: Request<'findAbsent'>['places']): Request<'findAbsent'>['places'] | null;
  /** The journal's operations are others now. */
  reload(operations: readonly Operation[]): Promise<void>;
}

/** Fingerprints made at once. */
const BATCH = 500;

/** Makes fingerprints of records with the key of a manifest, given as base64. */
export type Fingerprinter = (key: string) => Promise<(projection: AnyRecord) => Promise<string>>;

export function createReconciler(
  database: LocalDatabase,
  applier: Applier,
  fingerprinter: Fingerprinter = fingerprintWithWebCrypto,
): Reconciler {
  /** What the server last said of everything held of one collection. */
  function* projectionsOf(name: CollectionName): Generator<AnyRecord> {
    for (const stored of database.storedOf(name).values()) {
      const projection = projectionOf(stored);
      if (projection !== null) yield projection;
    }
  }

  function position(): HostPosition {
    const { token, epoch, snapshot } = database.readPosition();
    if (snapshot === 'manifest') return { token, epoch, stage: 'manifest' };
    const isEmpty = token === null && collectionNames.every((name) => projectionsOf(name).next().done === true);
    return { token, epoch, stage: isEmpty ? 'empty' : 'log' };
  }

  async function purge(drop: ScopeDrop): Promise<void> {
    const lost: ProjectionToSet[] = [];
    for (const name of collectionNames) {
      for (const projection of projectionsOf(name)) {
        const { kind: entity, id } = projection;
        if (isDropped(drop, projection)) lost.push({ entity, id, projection: null });
        else {
          const next = withoutLostFields(drop, entity, projection);
          if (next !== projection) lost.push({ entity, id, projection: next });
        }
      }
    }
    await applier.setProjections(lost);
  }

  async function compareRange(
    range: ManifestRange,
    fingerprint: (projection: AnyRecord) => Promise<string>,
  ): Promise<RangeFindings | null> {
    const name = collectionNames.find((known) => known === range.coll);
    if (name === undefined) return null;
    const findings: RangeFindings = { name, missing: [], different: [], surplus: [] };
    const named = new Map(entriesOf(range));
    const held: AnyRecord[] = [];
    for (const projection of projectionsOf(name)) {
      if (!covers(range, projection.id)) continue;
      if (named.has(projection.id)) held.push(projection);
      else findings.surplus.push(projection);
    }
    for (let from = 0; from < held.length; from += BATCH) {
      const batch = held.slice(from, from + BATCH);
      const prints = await Promise.all(batch.map(fingerprint));
      for (const [index, { id }] of batch.entries()) {
        if (prints[index] !== named.get(id)) findings.different.push(id);
        named.delete(id);
      }
    }
    findings.missing.push(...named.keys());
    return findings;
  }

  return {
    position,
    purge,
    async compare({ ranges, key, onlyLook }) {
      const fingerprint = await fingerprinter(key);
      const all: RangeFindings[] = [];
      for (const range of ranges) {
        const found = await compareRange(range, fingerprint);
        if (found !== null) all.push(found);
      }
      if (!onlyLook) {
        const surplus = all.flatMap((found) => found.surplus);
        await applier.setProjections(surplus.map(({ kind, id }) => ({ entity: kind, id, projection: null })));
      }
      return {
        missing: toPlaces(all, (found) => found.missing),
        different: toPlaces(all, (found) => found.different),
        surplus: toPlaces(all, (found) => found.surplus.map(({ id }) => id)),
      };
    },
    async apply({ items, token, isLast, epoch }) {
      const projections = items.flatMap((item): readonly ProjectionToSet[] => {
        if (item.t === 'put') {
          const record = item.record as AnyRecord;
          return [{ entity: record.kind, id: record.id, projection: record }];
        }
        const name = collectionNames.find((known) => known === item.coll);
        const stored = name === undefined ? undefined : database.getStored(name, item.id);
        return stored === undefined ? [] : [{ entity: stored.kind, id: item.id, projection: null }];
      });
      await applier.setProjections(projections);
      await database.writePosition({ token, snapshot: isLast ? 'none' : 'manifest', epoch });
    },
    findAbsent(places) {
      const { token, snapshot } = database.readPosition();
      if (token === null || snapshot !== 'none') return null;
      return places.filter(({ entity, recordId }) => {
        const collection = entityOf(entity)?.collection;
        return collection === undefined || database.getStored(collection, recordId) === undefined;
      });
    },
    reload: (operations) => applier.replay(operations),
  };
}

interface RangeFindings {
  readonly name: CollectionName;
  readonly missing: string[];
  readonly different: string[];
  readonly surplus: AnyRecord[];
}

function toPlaces(
  all: readonly RangeFindings[],
  idsOf: (found: RangeFindings) => readonly string[],
): readonly PlacesOfCollection[] {
  return all.map((found) => ({ coll: found.name, ids: idsOf(found) })).filter(({ ids }) => ids.length > 0);
}

const encoder = new TextEncoder();

async function fingerprintWithWebCrypto(key: string): Promise<(projection: AnyRecord) => Promise<string>> {
  const bytes = Uint8Array.from(atob(key), (letter) => letter.codePointAt(0) ?? 0);
  const imported = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return async (projection) => {
    const hash = await crypto.subtle.sign('HMAC', imported, encoder.encode(fingerprintText(projection)));
    const letters = String.fromCodePoint(...new Uint8Array(hash, 0, FINGERPRINT_BYTES));
    return btoa(letters).replaceAll('+', '-').replaceAll('/', '_');
  };
}
