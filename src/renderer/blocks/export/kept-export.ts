// What the jobs of this computer keep of an export, so that it can be done once more from the beginning: of a list everything it is
// made of, of anything else (its numbers stood on a screen) the screen it was made on.
import type { ExportJob } from '#renderer/blocks/export/export-messages.ts';

/** What the audit is told, but for the number of rows. */
export type ExportRecord = Readonly<Record<string, unknown>>;

export type KeptExport =
  | { readonly is: 'list'; readonly title: string; readonly job: ExportJob; readonly record: ExportRecord }
  | { readonly is: 'screen'; readonly title: string; readonly route: string };

export const keepExport = (kept: KeptExport): string => JSON.stringify(kept);

/** Null for one of a former version. */
export function readKeptExport(text: string): KeptExport | null {
  const kept = JSON.parse(text) as Partial<KeptExport>;
  return kept.is === 'list' || kept.is === 'screen' ? (kept as KeptExport) : null;
}
