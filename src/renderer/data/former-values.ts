// Packs and unpacks the former values of an import for the records that keep them: a large import changes a hundred
// thousand records, and every device of its owner holds what they said before.
import { packText, unpackText } from '#renderer/data/pack-text.ts';
import { readPart, toParts, type FormerValue } from '#shared/import/former-values.ts';

/** Values of an `importPart` for each part. */
export function packFormerValues(
  values: readonly FormerValue[],
): Promise<readonly { readonly formerValues: string; readonly recordIds: readonly string[] }[]> {
  return Promise.all(
    toParts(values).map(async ({ text, recordIds }) => ({ formerValues: await packText(text), recordIds })),
  );
}

export async function unpackFormerValues(packed: string): Promise<readonly FormerValue[]> {
  return readPart(await unpackText(packed));
}
