// An export from the click to the file: prepared, kept among the jobs of this computer, written in a worker, recorded in the
// journal, and only then handed to the user. The record waits for the network like every other change; the file does not.
import { useEffect, useRef, useState } from 'react';
import type { ExportJob } from '#renderer/blocks/export/export-messages.ts';
import type { ExportChoice, ExportOffer, PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import { keepExport } from '#renderer/blocks/export/kept-export.ts';
import { beginExport, performExport, type SavedOutcome } from '#renderer/blocks/export/perform-export.ts';
import type { ExportedFile, ExportProgress } from '#renderer/blocks/export/run-export.ts';
import { useExportProblem, useExportToast } from '#renderer/blocks/export/use-export-toast.ts';
import { useExportStyle } from '#renderer/blocks/export/use-export-style.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { useExecute } from '#renderer/data/use-data.ts';
import type { ExportFormat, ExportTable } from '#shared/export/export-table.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

export type ExportState =
  | { readonly step: 'idle' }
  | {
      readonly step: 'running';
      readonly progress: ExportProgress;
      /** Other jobs are before it, or all are paused. */
      readonly isWaiting?: true;
      /** What is asked before anything is written: how much of how much. */
      readonly asking?: { readonly done: number; readonly total: number };
    }
  | { readonly step: 'failed'; readonly text: string }
  | {
      readonly step: 'done';
      readonly name: string;
      readonly file: Blob;
      readonly rows: number;
      readonly shortened: number;
      /** What the shell says became of the file. */
      readonly saved: 'waiting' | SavedOutcome;
    };

const idle: ExportState = { step: 'idle' };

function recordInput(
  offer: ExportOffer,
  { fields, leftOut = [], filteredBy = [] }: PreparedExport,
  format: ExportFormat,
) {
  const { subject } = offer;
  return {
    subject: subject.kind === 'records' ? 'records' : subject.what,
    source: subject.kind === 'records' ? subject.entity : subject.source,
    title: offer.title.slice(0, 300),
    format,
    columns: fields.map(({ entity, field }) => ({ entity, field })),
    leftOut: leftOut.map(({ entity, field }) => ({ entity, field })),
    filteredBy: [...filteredBy],
  };
}

/** What is handed to the worker at once, and the rows it asks for. */
function takeRows(prepared: PreparedExport['table']): {
  readonly table: ExportJob['table'];
  readonly rows: ExportTable['rows'] | null;
} {
  if ('parts' in prepared || !('rows' in prepared)) return { table: prepared, rows: null };
  const { rows, ...table } = prepared;
  return { table, rows };
}

export interface Exporting {
  readonly state: ExportState;
  readonly start: (choice: ExportChoice, format: ExportFormat) => Promise<void>;
  readonly cancel: () => void;
  /** Hands the finished file over once more. */
  readonly saveAgain: () => void;
  readonly reset: () => void;
}

/** One export at a time; it goes on when the component that started it goes, and tells then what became of it. */
export function useExport(offer: ExportOffer): Exporting {
  const execute = useExecute();
  const style = useExportStyle();
  const explain = useExportProblem();
  const tellOutcome = useExportToast();
  const [state, setState] = useState<ExportState>(idle);
  const running = useRef<AbortController | null>(null);
  const isSeen = useRef(true);
  useEffect(() => {
    isSeen.current = true;
    return () => {
      isSeen.current = false;
    };
  }, []);
  useEffect(
    () =>
      getBridge().on('file.saved', ({ name, outcome }) =>
        setState((now) => (now.step === 'done' && now.name === name ? { ...now, saved: outcome } : now)),
      ),
    [],
  );

  async function start(choice: ExportChoice, format: ExportFormat): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const id = crypto.randomUUID();
    const show = (next: ExportState): void => {
      if (isSeen.current) setState(next);
    };
    show({ step: 'running', progress: { rows: 0, total: null } });
    try {
      const prepared = await choice.prepare(format, style, {
        signal,
        onProgress: (read, total) =>
          show({ step: 'running', progress: { rows: 0, total: null }, asking: { done: read, total } }),
      });
      const { rows, table } = takeRows(prepared.table);
      const job = { format, style, table, ...(prepared.list === undefined ? {} : { list: prepared.list }) };
      const record = recordInput(offer, prepared, format);
      const { title } = offer;
      show({ step: 'running', progress: { rows: 0, total: null }, isWaiting: true });
      await beginExport(
        id,
        `${title} · ${format.toUpperCase()}`,
        keepExport(
          prepared.list === undefined
            ? { is: 'screen', title, route: window.location.hash.slice(1) }
            : { is: 'list', title, job, record },
        ),
        signal,
      );
      const hooks = {
        execute,
        onProgress: (progress: ExportProgress) => show({ step: 'running', progress }),
        onWritten: (name: string, written: ExportedFile) => show({ step: 'done', name, saved: 'waiting', ...written }),
      };
      const done = await performExport({ id, title, job, rows, record }, hooks, controller);
      if (!isSeen.current) tellOutcome(done);
    } catch (failure) {
      const { code } = toOutpostError(failure);
      if (code === 'cancelled') show(idle);
      else if (isSeen.current) setState({ step: 'failed', text: explain(failure) });
      else tellOutcome({ title: offer.title, failure });
    } finally {
      running.current = null;
    }
  }

  return {
    state,
    start,
    cancel: () => running.current?.abort(),
    saveAgain: () => {
      if (state.step !== 'done') return;
      setState({ ...state, saved: 'waiting' });
      saveFile(state.name, state.file);
    },
    reset: () => setState(idle),
  };
}
