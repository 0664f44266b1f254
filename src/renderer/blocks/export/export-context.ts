// What every maker of a file works with: the language the file is asked for in, the rights and the records of now. Nothing of it
// belongs to a screen.
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { formatIn, localeOf, type Format } from '#renderer/app/format/format.ts';
import { textsIn } from '#renderer/app/i18n/i18n.ts';
import { definitionsQuery } from '#renderer/app/store/definitions.ts';
import { useAppStore } from '#renderer/app/store/store.ts';
import type { ExportLanguage } from '#renderer/blocks/export/export-question.ts';
import { useBrand } from '#renderer/blocks/use-brand.ts';
import { createFieldModes, type FieldModes } from '#renderer/blocks/use-field-modes.ts';
import { pipelinesQuery, stageLabelsOf } from '#renderer/blocks/use-pipelines.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import type { DataClient } from '#renderer/data/data-contract.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createPivotNames, type PivotNames } from '#shared/analytics/pivot-names.ts';
import { brandOfFile } from '#shared/brand/brand-of-file.ts';
import { customDefinitions, type Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import type { ExportStyle } from '#shared/export/export-table.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import { exportWordsOf } from '#shared/words/export-words.ts';
import { createNames, type Names } from '#shared/words/names.ts';

export interface ExportContext {
  readonly t: TFunction;
  readonly format: Format;
  readonly names: Names;
  readonly pivotNames: PivotNames;
  readonly definitions: Definitions;
  readonly fieldModes: FieldModes;
  readonly actor: Actor;
  readonly client: DataClient;
  readonly signal: AbortSignal;
  /** Who exports, and when: it stands above everything else. */
  readonly by: string;
  /** How values read in a file: as on the screens of this language, under the name of the organization. */
  readonly style: ExportStyle;
  /** Names of stages, which are no records, by id. */
  readonly stages: () => Promise<Labels>;
}

export type ContextIn = (language: ExportLanguage, signal: AbortSignal) => Promise<ExportContext>;

/** Name of whoever is signed in, as the own record has it now. */
async function ownNameOf(client: DataClient, actor: Actor, signal: AbortSignal): Promise<string> {
  const { record } = await askOnce(client, 'record', { entity: 'user', id: actor.userId }, signal);
  return textOf(record?.['name']) || actor.name;
}

export function useExportContext(): ContextIn {
  const store = useAppStore();
  const client = useDataClient();
  const brand = useBrand();
  return useCallback(
    async (language, signal) => {
      const t = await textsIn(language);
      const { session } = store.getState().device;
      if (session?.status !== 'signedIn') throw new OutpostError('not_signed_in', 'Nobody is signed in.');
      const { actor } = session;
      // Not those of this window: right after a start it may not have heard of them yet.
      const { rows } = await askOnce(client, 'list', definitionsQuery, signal);
      const definitions = customDefinitions(rows);
      const names = createNames(t, definitions);
      const format = formatIn(language);
      const name = await ownNameOf(client, actor, signal);
      const page = t('export.page', { page: '{{page}}', pages: '{{pages}}', interpolation: { escapeValue: false } });
      return {
        t,
        format,
        names,
        pivotNames: createPivotNames(t, names, format, language),
        definitions,
        fieldModes: createFieldModes(actor.fields),
        actor,
        client,
        signal,
        by: t('export.by', { name, when: format.instant(new Date().toISOString()) }),
        style: {
          ...brandOfFile(brand),
          locale: localeOf(language),
          timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
          words: exportWordsOf(t, page),
        },
        stages: async () => stageLabelsOf(await askOnce(client, 'list', pipelinesQuery, signal)),
      };
    },
    [store, client, brand],
  );
}
