import { SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { boardViewChanged } from '#renderer/app/store/view-slice.ts';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import type { PipelineView } from '#renderer/blocks/use-pipelines.ts';

/** Drawn when the person changes it, not with every change of the deals. */
export const PipelineToolbar = memo(DrawnToolbar);

function DrawnToolbar(props: { readonly pipelines: readonly PipelineView[]; readonly pipelineId: string | null }) {
  const { t } = useTranslation();
  const dispatch = useAppDispatch();
  const view = useAppSelector((state) => state.view.board);
  const { pipelines } = props;
  return (
    <>
      {pipelines.length > 1 ? (
        <Select
          size="xs"
          aria-label={t('pipeline.choose')}
          data={pipelines.map((item) => ({ value: item.id, label: item.name }))}
          value={props.pipelineId}
          onChange={(pipelineId) => dispatch(boardViewChanged({ pipelineId }))}
        />
      ) : null}
      <TextInput
        size="xs"
        w={200}
        leftSection={<IconSearch size={14} />}
        placeholder={t('list.search')}
        aria-label={t('list.search')}
        value={view.search}
        onChange={(event) => dispatch(boardViewChanged({ search: event.currentTarget.value }))}
      />
      <div style={{ width: 190 }}>
        <ReferenceInput
          entity="user"
          size="xs"
          placeholder={t('pipeline.owner')}
          ariaLabel={t('pipeline.owner')}
          value={view.ownerId}
          onChange={(ownerId) => dispatch(boardViewChanged({ ownerId }))}
        />
      </div>
      <Switch
        size="xs"
        label={t('pipeline.onlyStale')}
        checked={view.onlyStale}
        onChange={(event) => dispatch(boardViewChanged({ onlyStale: event.currentTarget.checked }))}
      />
      <div style={{ flex: 1 }} />
      <SegmentedControl
        size="xs"
        aria-label={t('pipeline.lanes')}
        value={view.swimlane}
        onChange={(swimlane) => dispatch(boardViewChanged({ swimlane: swimlane === 'owner' ? 'owner' : 'none' }))}
        data={[
          { value: 'none', label: t('pipeline.noLanes') },
          { value: 'owner', label: t('pipeline.lanesByOwner') },
        ]}
      />
    </>
  );
}
