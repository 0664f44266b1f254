// An export from the click to the file: prepared, written in a worker, recorded in the journal of this computer, and only
// then handed to the user. The record waits for the network like every other change; the file does not.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportJob } from '#renderer/blocks/export/export-messages.ts';
import type { ExportChoice, ExportOffer, PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import { runExport, type ExportProgress } from '#renderer/blocks/export/run-export.ts';
import { useExportStyle } from '#renderer/blocks/export/use-export-style.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { useExecute } from '#renderer/data/use-data.ts';
import type { ExportFormat, ExportTable } from '#shared/export/export-table.ts';
import { exportFileName } from '#shared/export/write-export.ts';
import type { EventPayloads } from '#shared/ipc/contract.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

type SavedOutcome = EventPayloads['file.saved']['outcome'];

export type ExportState =
  | { readonly step: 'idle' }
  | {
      readonly step: 'running';
      readonly progress: ExportProgress;
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

function todayHere(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function recordInput(
  offer: ExportOffer,
  { fields, leftOut = [], filteredBy = [] }: PreparedExport,
  format: ExportFormat,
  rowCount: number,
) {
  const { subject } = offer;
  return {
    subject: subject.kind === 'records' ? 'records' : subject.what,
    source: subject.kind === 'records' ? subject.entity : subject.source,
    title: offer.title.slice(0, 300),
    format,
    rowCount,
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

/** One export at a time; it ends when the component that started it goes. */
export function useExport(offer: ExportOffer): Exporting {
  const { t } = useTranslation();
  const execute = useExecute();
  const errorText = useErrorText();
  const style = useExportStyle();
  const [state, setState] = useState<ExportState>(idle);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);
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
    setState({ step: 'running', progress: { rows: 0, total: null } });
    try {
      const prepared = await choice.prepare(format, style, {
        signal: controller.signal,
        onProgress: (done, total) =>
          setState({ step: 'running', progress: { rows: 0, total: null }, asking: { done, total } }),
      });
      const { rows, table } = takeRows(prepared.table);
      const job = { format, style, table, ...(prepared.list === undefined ? {} : { list: prepared.list }) };
      const show = (progress: ExportProgress): void => setState({ step: 'running', progress });
      const written = await runExport(job, rows, show, controller.signal);
      // Nothing leaves before it is durable that it does.
      await execute('recordExport', recordInput(offer, prepared, format, written.rows));
      const name = exportFileName(offer.title, todayHere(), format);
      setState({ step: 'done', name, saved: 'waiting', ...written });
      saveFile(name, written.file);
    } catch (failure) {
      const error = toOutpostError(failure);
      if (error.code === 'cancelled') setState(idle);
      else setState({ step: 'failed', text: explain(error.code, errorText(failure)) });
    } finally {
      running.current = null;
    }
  }

  /** What a form of file cannot hold is told with what can. */
  function explain(code: string, text: string): string {
    return code === 'too_large' ? t('export.tooLarge') : text;
  }

  return {
    state,
    start,
    cancel,
    saveAgain: () => {
      if (state.step !== 'done') return;
      setState({ ...state, saved: 'waiting' });
      saveFile(state.name, state.file);
    },
    reset: () => setState(idle),
  };
}
