// Exports that somebody wants once more, from the window of background jobs, and those that are due: one main window does them, one after the other, from
// what they ask for. Nothing is shown of it here but what became of the file.
import { useEffect, useRef } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useExportTools } from '#renderer/blocks/export/export-makers.ts';
import { readKeptExport } from '#renderer/blocks/export/export-question.ts';
import { performExport, refuseFormer, type ExportWork } from '#renderer/blocks/export/perform-export.ts';
import { useExportToast } from '#renderer/blocks/export/use-export-toast.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

/** The jobs tell how far it is. */
const noSigns = { onAsked: () => undefined, onProgress: () => undefined, onWritten: () => undefined };

export function useExportsAgain(): void {
  const tools = useExportTools();
  const tellOutcome = useExportToast();
  // Nothing leaves while somebody looks at the application as another role.
  const isViewing = useAppSelector(({ device }) => device.viewAs !== null);
  const isBusy = useRef(false);

  async function make(work: ExportWork): Promise<void> {
    try {
      tellOutcome(await performExport(work, tools, noSigns, new AbortController()));
    } catch (failure) {
      if (toOutpostError(failure).code !== 'cancelled') tellOutcome({ title: work.kept.title, failure });
    }
  }

  async function doAll(): Promise<void> {
    for (;;) {
      const next = await invokeMain(getBridge(), 'exports.take', {});
      if (next === null) return;
      const kept = readKeptExport(next.again);
      if (kept === null) refuseFormer(next.id);
      else await make({ id: next.id, kept, isForFolder: next.isForFolder });
    }
  }

  function look(): void {
    if (isBusy.current || isViewing) return;
    isBusy.current = true;
    doAll()
      .catch((failure: unknown) => {
        // Signed out meanwhile: the jobs are gone with the profile. Anything else is reported as every error of a window.
        if (toOutpostError(failure).code !== 'not_signed_in') throw failure;
      })
      .finally(() => {
        isBusy.current = false;
      });
  }
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  });
  useEffect(() => {
    if (!isViewing) latest.current();
  }, [isViewing]);
  useEffect(() => getBridge().on('exports.offered', () => latest.current()), []);
}
