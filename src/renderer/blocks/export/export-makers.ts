// Who makes which file. Screens know how to ask for what they show; the composition knows the screens.
import { createContext, useContext, useMemo } from 'react';
import { useExportContext, type ContextIn, type ExportContext } from '#renderer/blocks/export/export-context.ts';
import type { PreparedExport } from '#renderer/blocks/export/export-offer.ts';
import type { ExportKind, ExportQuestion, ExportQuestions } from '#renderer/blocks/export/export-question.ts';
import { useExecute } from '#renderer/data/use-data.ts';
import type { ExportFormat } from '#shared/export/export-table.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export interface MakeOptions {
  /** What the file is called. */
  readonly title: string;
  readonly form: ExportFormat;
  /** While much is asked together: how much of how much. */
  readonly onAsked: (done: number, total: number) => void;
}

export type ExportMaker<Kind extends ExportKind> = (
  context: ExportContext,
  asked: ExportQuestions[Kind],
  options: MakeOptions,
) => Promise<PreparedExport>;

export type ExportMakers = { readonly [Kind in ExportKind]: ExportMaker<Kind> };

export function makeExport<Kind extends ExportKind>(
  makers: ExportMakers,
  { kind, asked }: ExportQuestion<Kind>,
  context: ExportContext,
  options: MakeOptions,
): Promise<PreparedExport> {
  return makers[kind](context, asked, options);
}

export const ExportMakersContext = createContext<ExportMakers | null>(null);

/** What making a file takes, of this window. */
export interface ExportTools {
  readonly makers: ExportMakers;
  readonly contextIn: ContextIn;
  readonly execute: (command: string, input: unknown) => Promise<unknown>;
}

export function useExportTools(): ExportTools {
  const makers = useContext(ExportMakersContext);
  if (makers === null) throw new OutpostError('internal', 'ExportMakersContext is missing around this component');
  const contextIn = useExportContext();
  const execute = useExecute();
  return useMemo(() => ({ makers, contextIn, execute }), [makers, contextIn, execute]);
}
