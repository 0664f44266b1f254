// Makes a pipeline or changes one. A stage that is taken away gives its deals to another open one, in the same step of the person.
import { Button, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { startStages } from '#renderer/blocks/start-stages.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { StageRows } from '#renderer/features/settings/pipelines/stage-rows.tsx';
import { useStageCounts } from '#renderer/features/settings/pipelines/use-deal-counts.ts';
import { DEFAULT_PIPELINE_ID } from '#shared/entities/default-pipeline.ts';
import {
  foldName,
  missingTypes,
  problemsOf,
  toStages,
  type EditedStage,
} from '#shared/entities/pipeline/edit-stages.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const STALE_AFTER_DAYS = 30;

interface DialogProps {
  /** Null: a new one. */
  readonly record: LocalRecord | null;
  readonly others: readonly LocalRecord[];
  readonly onClose: () => void;
}

interface Draft {
  readonly name: string;
  readonly staleAfterDays: number | null;
  readonly stages: readonly EditedStage[];
  /** Stages that are to go, with the one that gets their deals. */
  readonly leaving: Readonly<Record<string, string>>;
}

/** Deals that were made before there is a pipeline stand in the stages of the first one: it has their ids. */
function startOf(record: LocalRecord | null, isFirst: boolean, t: TFunction): Draft {
  const days = record?.['staleAfterDays'];
  return {
    name: textOf(record?.['name']),
    staleAfterDays: typeof days === 'number' ? days : STALE_AFTER_DAYS,
    stages:
      record !== null
        ? stagesOf(record)
        : startStages(t).map((stage) => (isFirst ? stage : { ...stage, id: crypto.randomUUID() })),
    leaving: {},
  };
}

export function PipelineDialog({ record, others, onClose }: DialogProps) {
  const { t } = useTranslation();
  const run = useCommand();
  const request = useRequest();
  const counts = useStageCounts(record?.id ?? '');
  const isFirst = record === null && others.length === 0;
  const [start] = useState(() => startOf(record, isFirst, t));
  const [draft, setDraft] = useState(start);
  const [isTried, setTried] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const change = (next: Partial<Draft>): void => setDraft((before) => ({ ...before, ...next }));

  const staying = draft.stages.filter(({ id }) => draft.leaving[id] === undefined);
  const isTaken = others.some(
    (other) => other.id !== record?.id && foldName(textOf(other['name'])) === foldName(draft.name),
  );
  const nameProblem = foldName(draft.name) === '' ? 'required' : isTaken ? 'sameLabel' : null;
  const daysProblem = draft.staleAfterDays === null || draft.staleAfterDays < 1 ? 'range' : null;
  const isIncomplete = missingTypes(staying).length > 0;
  const isBroken = staying.some((stage) => Object.keys(problemsOf(stage, staying)).length > 0);

  async function moveDeals(pipelineId: string): Promise<boolean> {
    for (const [from, stageId] of Object.entries(draft.leaving)) {
      const ids = await request('listIds', {
        entity: 'deal',
        filter: {
          and: [
            { field: 'pipelineId', op: 'eq', value: pipelineId },
            { field: 'stageId', op: 'eq', value: from },
          ],
        },
        sort: [],
      });
      if (ids.length === 0) continue;
      if ((await run('bulkUpdate', { entity: 'deal', ids, values: { stageId } })) === null) return false;
    }
    return true;
  }

  async function save(): Promise<void> {
    setTried(true);
    if (nameProblem !== null || daysProblem !== null || isIncomplete || isBroken) return;
    setSaving(true);
    const values = { name: draft.name.trim(), staleAfterDays: draft.staleAfterDays, stages: toStages(staying) };
    const isMoved = record === null || (await moveDeals(record.id));
    const outcome = !isMoved
      ? null
      : record === null
        ? await run(
            'createRecord',
            { entity: 'pipeline', values, ...(isFirst ? { id: DEFAULT_PIPELINE_ID } : {}) },
            { done: t('pipelines.made') },
          )
        : await run('updateRecord', { entity: 'pipeline', id: record.id, values }, { done: t('settings.saved') });
    setSaving(false);
    if (outcome !== null) onClose();
  }

  return (
    <FormDialog
      isOpen
      size="xl"
      title={record === null ? t('pipelines.new') : t('pipelines.edit', { name: textOf(record['name']) })}
      isTyped={!isJsonEqual(draft, start)}
      onClose={onClose}
    >
      {(cancel) => (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="md">
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <TextInput
                style={{ flex: 1 }}
                label={t('pipelines.name')}
                withAsterisk
                data-autofocus
                maxLength={120}
                value={draft.name}
                error={isTried && nameProblem !== null ? t(`problems.${nameProblem}`) : undefined}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <NumberInput
                w={190}
                label={t('pipelines.staleAfterDays')}
                min={1}
                max={3650}
                allowDecimal={false}
                value={draft.staleAfterDays ?? ''}
                error={isTried && daysProblem !== null ? t(`problems.${daysProblem}`) : undefined}
                onChange={(value) => change({ staleAfterDays: typeof value === 'number' ? value : null })}
              />
            </Group>
            <StageRows
              stages={draft.stages}
              leaving={draft.leaving}
              counts={record === null ? new Map() : counts}
              isTried={isTried}
              onChange={(stages) => change({ stages })}
              onLeave={(leaving) => change({ leaving })}
            />
            {isTried && isIncomplete ? (
              <Text size="sm" c="red" role="alert">
                {t('problems.stageTypes')}
              </Text>
            ) : null}
            {record === null ? null : (
              <Text size="xs" c="dimmed">
                {t('pipelines.probabilityNote')}
              </Text>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={isSaving}>
                {t('common.save')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
