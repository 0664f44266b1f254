// An export from the click to the file: kept among the jobs of this computer with what it asks for, and made when its turn comes.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useExportTools } from '#renderer/blocks/export/export-makers.ts';
import type { ExportChoice, ExportOffer } from '#renderer/blocks/export/export-offer.ts';
import type { KeptExport } from '#renderer/blocks/export/export-question.ts';
import {
  beginExport,
  performExport,
  planExport,
  type ExportPlan,
  type SavedOutcome,
} from '#renderer/blocks/export/perform-export.ts';
import type { ExportedFile, ExportProgress } from '#renderer/blocks/export/run-export.ts';
import { useExportProblem, useExportToast } from '#renderer/blocks/export/use-export-toast.ts';
import { saveFile } from '#renderer/blocks/save-file.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';
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

export interface Exporting {
  readonly state: ExportState;
  readonly start: (choice: ExportChoice, format: ExportFormat) => Promise<void>;
  /** By itself from now on; the folder, or null when nobody chose one or it was refused. */
  readonly plan: (choice: ExportChoice, format: ExportFormat, plan: ExportPlan) => Promise<string | null>;
  readonly cancel: () => void;
  /** Hands the finished file over once more. */
  readonly saveAgain: () => void;
  readonly reset: () => void;
}

/** One export at a time; it goes on when the component that started it goes, and tells then what became of it. */
export function useExport(offer: ExportOffer): Exporting {
  const { i18n } = useTranslation();
  const tools = useExportTools();
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

  function keptOf({ question }: ExportChoice, format: ExportFormat): KeptExport {
    const { title, subject } = offer;
    return { version: 2, title, subject, format, language: i18n.language === 'de' ? 'de' : 'en', question };
  }

  async function plan(choice: ExportChoice, format: ExportFormat, when: ExportPlan): Promise<string | null> {
    try {
      const planned = await planExport(keptOf(choice, format), when);
      return planned?.folder ?? null;
    } catch (failure) {
      setState({ step: 'failed', text: explain(failure) });
      return null;
    }
  }

  async function start(choice: ExportChoice, format: ExportFormat): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    const work = { id: crypto.randomUUID(), kept: keptOf(choice, format) };
    const show = (next: ExportState): void => {
      if (isSeen.current) setState(next);
    };
    const nothingYet = { rows: 0, total: null };
    show({ step: 'running', progress: nothingYet, isWaiting: true });
    try {
      await beginExport(work, controller.signal);
      show({ step: 'running', progress: nothingYet });
      const signs = {
        onAsked: (done: number, total: number) =>
          show({ step: 'running', progress: nothingYet, asking: { done, total } }),
        onProgress: (progress: ExportProgress) => show({ step: 'running', progress }),
        onWritten: (name: string, written: ExportedFile) => show({ step: 'done', name, saved: 'waiting', ...written }),
      };
      const done = await performExport(work, tools, signs, controller);
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
    plan,
    cancel: () => running.current?.abort(),
    saveAgain: () => {
      if (state.step !== 'done') return;
      setState({ ...state, saved: 'waiting' });
      saveFile(state.name, state.file);
    },
    reset: () => setState(idle),
  };
}
