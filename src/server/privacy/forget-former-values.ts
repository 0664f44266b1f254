// An import keeps what records said before it changed them. What it keeps of an erased person goes, what it keeps of
// others stays, so that it can still be taken back.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { forgetRecords } from '#shared/import/former-values.ts';

/** New values of an `importPart` without these records; null when it was about nobody else. */
export function forgetFormerValues(
  part: Readonly<Record<string, unknown>>,
  ids: readonly string[],
): { readonly formerValues: string; readonly recordIds: readonly string[] } | null {
  const known: readonly unknown[] = Array.isArray(part['recordIds']) ? part['recordIds'] : [];
  const recordIds = known.map(String).filter((id) => !ids.includes(id));
  if (recordIds.length === 0) return null;
  const text = inflateRawSync(Buffer.from(String(part['formerValues']), 'base64')).toString('utf8');
  return { formerValues: deflateRawSync(forgetRecords(text, ids)).toString('base64'), recordIds };
}
