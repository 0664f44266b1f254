// Exports that somebody wants once more, from the window of background jobs: one main window does them, one after the other.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { readKeptExport, type KeptExport } from '#renderer/blocks/export/kept-export.ts';
import { performExport } from '#renderer/blocks/export/perform-export.ts';
import { useExportToast } from '#renderer/blocks/export/use-export-toast.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useExecute } from '#renderer/data/use-data.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

type KeptList = Extract<KeptExport, { is: 'list' }>;

export function useExportsAgain(): void {
  const { t } = useTranslation();
  const format = useFormat();
  const ownName = useOwnName();
  const execute = useExecute();
  const navigate = useNavigate();
  const tellOutcome = useExportToast();
  // Nothing leaves while somebody looks at the application as another role.
  const isViewing = useAppSelector(({ device }) => device.viewAs !== null);
  const isBusy = useRef(false);

  async function doList(id: string, { title, job, record }: KeptList): Promise<void> {
    // Who exported it, and when, stands above everything else.
    const [, ...about] = job.table.subtitle ?? [];
    const by = t('export.by', { name: ownName, when: format.instant(new Date().toISOString()) });
    const renewed = { ...job, table: { ...job.table, subtitle: [by, ...about] } };
    const hooks = { execute, onProgress: () => undefined, onWritten: () => undefined };
    try {
      tellOutcome(await performExport({ id, title, job: renewed, rows: null, record }, hooks, new AbortController()));
    } catch (failure) {
      if (toOutpostError(failure).code !== 'cancelled') tellOutcome({ title, failure });
    }
  }

  async function doAll(): Promise<void> {
    for (;;) {
      const next = await invokeMain(getBridge(), 'exports.take', {});
      if (next === null) return;
      const kept = readKeptExport(next.again);
      if (kept?.is === 'list') await doList(next.id, kept);
      else {
        // Its numbers stood on a screen: there it is exported once more.
        await invokeMain(getBridge(), 'exports.cancel', { id: next.id });
        if (kept !== null) void navigate(kept.route);
      }
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
