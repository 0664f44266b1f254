// The naive reading of a manifest: what a device holds beside what a page names. Written apart from the product's own.
import { createHmac } from 'node:crypto';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { ManifestResponse } from '#shared/sync/messages.ts';

export interface ManifestDifference {
  readonly coll: string;
  /** Missing or another one. */
  readonly wanted: readonly string[];
  /** Held and not named. */
  readonly surplus: readonly string[];
}

/** `held`: records of a collection by id. */
export function compareManifest(
  page: Pick<ManifestResponse, 'ranges' | 'key'>,
  held: (coll: string) => ReadonlyMap<string, AnyRecord>,
): readonly ManifestDifference[] {
  const key = Buffer.from(page.key, 'base64');
  const print = (record: AnyRecord): string =>
    createHmac('sha256', key).update(toCanonicalJson(record)).digest().subarray(0, 9).toString('base64url');
  return page.ranges.map(({ coll, after, upTo, ids, prints }) => {
    const records = held(coll);
    const named = new Set(ids);
    const wanted = ids.filter((id, index) => {
      const record = records.get(id);
      return record === undefined || print(record) !== prints.slice(index * 12, index * 12 + 12);
    });
    const surplus = [...records.keys()].filter((id) => id > after && (upTo === null || id <= upTo) && !named.has(id));
    return { coll, wanted, surplus };
  });
}
