// What a window that exports tells the jobs of this computer, and asks them.
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import type { ExportJobs } from '#main/exports/export-jobs.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';

export function createExportHandlers(exports: ExportJobs): Pick<Handlers, Extract<ChannelName, `exports.${string}`>> {
  return {
    'exports.begin': async (work, { page }) => {
      await exports.begin(work, page);
      return null;
    },
    'exports.take': (_nothing, { page }) => exports.take(page),
    'exports.progress': (told) => {
      exports.progress(told);
      return null;
    },
    'exports.end': (told) => {
      exports.end(told);
      return null;
    },
    'exports.plan': (wanted) => exports.plan(wanted),
    'exports.piece': async (piece) => {
      await exports.add(piece);
      return null;
    },
    'exports.keep': async (told) => {
      await exports.keep(told);
      return null;
    },
    'exports.cancel': async ({ id }) => {
      await exports.cancel(id);
      return null;
    },
  };
}
