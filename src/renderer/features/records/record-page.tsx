import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArrowsExchange,
  IconCalendarPlus,
  IconChecklist,
  IconDots,
  IconFileExport,
  IconHistory,
  IconMail,
  IconPencilPlus,
  IconTrash,
  IconUserOff,
  IconUserShare,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { CommentsPanel } from '#renderer/blocks/comments/comments-panel.tsx';
import { FilesPanel } from '#renderer/blocks/files/files-panel.tsx';
import { linkedValues } from '#renderer/blocks/linked-values.ts';
import { useLetterWriter } from '#renderer/blocks/mail/write-letter.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { ChecklistPanel } from '#renderer/blocks/tasks/checklist-panel.tsx';
import { JoinButton } from '#renderer/blocks/tasks/join-button.tsx';
import { TimePanel } from '#renderer/blocks/tasks/time-panel.tsx';
import { TimingPanel } from '#renderer/blocks/tasks/timing-panel.tsx';
import { useCompleteTask } from '#renderer/blocks/tasks/use-complete-task.tsx';
import { BlockedTasksPanel } from '#renderer/blocks/tasks/blocked-tasks-panel.tsx';
import { WaitingPanel } from '#renderer/blocks/tasks/waiting-panel.tsx';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useCan, useMayReassign } from '#renderer/blocks/use-can.ts';
import { ApplyTemplateDialog } from '#renderer/blocks/task-templates/apply-template-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { ConvertLeadDialog } from '#renderer/features/records/convert-lead-dialog.tsx';
import { DealLinesPanel } from '#renderer/features/records/deal-lines/deal-lines-panel.tsx';
import { DetailsPanel } from '#renderer/features/records/details-panel.tsx';
import { HeaderFacts } from '#renderer/features/records/header-facts.tsx';
import { ErasePersonDialog } from '#renderer/features/records/erase-person-dialog.tsx';
import { useAuditHistory } from '#renderer/features/records/use-audit-history.ts';
import { usePrivacyActions } from '#renderer/features/records/use-privacy-actions.ts';
import { ReassignDialog } from '#renderer/features/records/reassign-dialog.tsx';
import { RelatedLists } from '#renderer/features/records/related-lists.tsx';
import { ShareDialog } from '#renderer/features/records/share-dialog.tsx';
import { StagePath } from '#renderer/features/records/stage-path.tsx';
import { Timeline } from '#renderer/features/records/timeline/timeline.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { isShareable, sharesOf } from '#shared/access/shares.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './record-page.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

type Dialog = 'none' | 'activity' | 'task' | 'reassign' | 'convert' | 'erase' | 'share' | 'template';

/** What a mail can be written about, and tasks be made for. */
const draftedEntities: ReadonlySet<EntityName> = new Set(['contact', 'lead', 'deal', 'account']);

/** Activities and tasks are themselves what a timeline tells of. */
export const hasTimeline = (entity: EntityName): boolean => entity !== 'activity' && entity !== 'task';

export function RecordPage(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
}) {
  const { t } = useTranslation();
  const { definition, record } = props;
  const names = useNames();
  const navigate = useNavigate();
  const run = useCommand();
  const completion = useCompleteTask();
  const stageLabels = useStageLabels();
  const can = useCan();
  const mayReassign = useMayReassign();
  const canUpdate = can('update', definition, record);
  const canDelete = can('delete', definition, record);
  const canReassign = canUpdate && mayReassign && definition.fields['ownerId'] !== undefined;
  const shareCount = new Set(sharesOf(record).map(({ kind, id }) => `${kind} ${id}`)).size;
  const [dialog, setDialog] = useState<Dialog>('none');
  const privacy = usePrivacyActions(definition, record.id);
  const audit = useAuditHistory(definition.name, record.id);
  const labels = { ...stageLabels, ...props.labels };
  const title = recordTitle(record) || t('record.untitled');
  const showsTimeline = hasTimeline(definition.name);
  const initialLabels = { ...labels, [record.id]: title };

  async function remove(): Promise<void> {
    const input = { entity: definition.name, id: record.id };
    const outcome = await run('deleteRecord', input, {
      done: t('record.deleted'),
      undo: { command: 'restoreRecord', input, entity: definition.name, ids: [record.id], left: null },
    });
    if (outcome !== null) void navigate(pathOfList(definition.name) ?? '/home');
  }

  const writer = useLetterWriter();
  const isDrafted = draftedEntities.has(definition.name);
  return (
    <Page
      title={title}
      subtitle={
        <span className={classes.subtitle}>
          <span>{names.entity(definition)}</span>
          <PendingMark pending={record.pending} withText />
        </span>
      }
      actions={
        <>
          {definition.name === 'lead' && record['status'] !== 'converted' && canUpdate ? (
            <Button onClick={() => setDialog('convert')}>{t('lead.convert')}</Button>
          ) : null}
          {definition.name === 'task' && record['status'] !== 'done' && canUpdate ? (
            <Button onClick={() => void completion.complete(record)}>{t('task.complete')}</Button>
          ) : null}
          {definition.name === 'task' ? <JoinButton task={record} /> : null}
          {isDrafted && writer !== null ? (
            <Button
              variant="default"
              leftSection={<IconMail size={15} />}
              onClick={() => writer.write({ kind: 'new', about: { entity: definition.name, id: record.id } })}
            >
              {t('mailbox.write')}
            </Button>
          ) : null}
          {showsTimeline && can('create', entities.activity) ? (
            <>
              <Button
                variant="default"
                leftSection={<IconPencilPlus size={15} />}
                onClick={() => setDialog('activity')}
              >
                {t('record.logActivity')}
              </Button>
              <Button variant="default" leftSection={<IconCalendarPlus size={15} />} onClick={() => setDialog('task')}>
                {t('record.addTask')}
              </Button>
            </>
          ) : null}
          {isShareable(definition) ? (
            <Button variant="default" leftSection={<IconUserShare size={15} />} onClick={() => setDialog('share')}>
              {shareCount > 0 ? t('share.buttonCount', { count: shareCount }) : t('share.button')}
            </Button>
          ) : null}
          {canReassign || canDelete || privacy.mayExport || audit.mayRead || isDrafted ? (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" aria-label={t('record.more')}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {isDrafted && can('create', entities.task) ? (
                  <Menu.Item leftSection={<IconChecklist size={15} />} onClick={() => setDialog('template')}>
                    {t('taskTemplate.open')}
                  </Menu.Item>
                ) : null}
                {canReassign ? (
                  <Menu.Item leftSection={<IconArrowsExchange size={15} />} onClick={() => setDialog('reassign')}>
                    {t('record.reassign')}
                  </Menu.Item>
                ) : null}
                {canDelete ? (
                  <Menu.Item
                    leftSection={<IconTrash size={15} />}
                    color="var(--op-danger)"
                    onClick={() => void remove()}
                  >
                    {t('common.delete')}
                  </Menu.Item>
                ) : null}
                {audit.mayRead ? (
                  <Menu.Item leftSection={<IconHistory size={15} />} onClick={audit.open}>
                    {t('audit.historyOfRecord')}
                  </Menu.Item>
                ) : null}
                {privacy.mayExport ? (
                  <Menu.Item leftSection={<IconFileExport size={15} />} onClick={() => void privacy.exportPerson()}>
                    {t('privacy.export')}
                  </Menu.Item>
                ) : null}
                {privacy.mayErase ? (
                  <Menu.Item
                    leftSection={<IconUserOff size={15} />}
                    color="var(--op-danger)"
                    onClick={() => setDialog('erase')}
                  >
                    {t('privacy.erase')}
                  </Menu.Item>
                ) : null}
              </Menu.Dropdown>
            </Menu>
          ) : null}
        </>
      }
    >
      <HeaderFacts definition={definition} record={record} labels={labels} />
      {definition.name === 'deal' ? <StagePath deal={record} isLocked={!canUpdate} /> : null}
      <div className={classes.columns} data-single={!showsTimeline && definition.name !== 'task'}>
        <div className={classes.left}>
          {definition.name === 'task' ? <TimingPanel task={record} /> : null}
          <DetailsPanel definition={definition} record={record} labels={labels} />
          {definition.name === 'deal' ? <DealLinesPanel deal={record} canUpdate={canUpdate} /> : null}
          {showsTimeline ? null : <FilesPanel definition={definition} record={record} />}
          {definition.name === 'activity' ? <CommentsPanel definition={definition} record={record} /> : null}
        </div>
        {definition.name === 'task' ? (
          <div className={classes.right}>
            <ChecklistPanel task={record} />
            <WaitingPanel task={record} />
            <BlockedTasksPanel task={record} />
            <TimePanel task={record} />
            <CommentsPanel definition={definition} record={record} />
          </div>
        ) : null}
        {showsTimeline ? (
          <div className={classes.right}>
            <RelatedLists definition={definition} record={record} labels={labels} />
            <FilesPanel definition={definition} record={record} />
            <CommentsPanel definition={definition} record={record} />
            <Timeline entity={definition.name} id={record.id} stageLabels={stageLabels} />
          </div>
        ) : null}
      </div>
      {completion.dialog}
      {(['activity', 'task'] satisfies EntityName[]).map((entity) => (
        <CreateRecordDialog
          key={entity}
          entity={entity}
          isOpen={dialog === entity}
          onClose={() => setDialog('none')}
          initial={linkedValues(record)}
          initialLabels={initialLabels}
          isStaying
        />
      ))}
      {dialog === 'template' ? (
        <ApplyTemplateDialog
          record={record}
          ownerLabel={labels[record.ownerId ?? '']}
          onClose={() => setDialog('none')}
        />
      ) : null}
      {dialog === 'reassign' ? (
        <ReassignDialog
          definition={definition}
          record={record}
          onClose={() => setDialog('none')}
          ownerLabel={labels[record.ownerId ?? '']}
        />
      ) : null}
      {privacy.mayErase ? (
        <ErasePersonDialog
          name={title}
          isOpen={dialog === 'erase'}
          onClose={() => setDialog('none')}
          erase={() => privacy.erasePerson()}
        />
      ) : null}
      {dialog === 'share' ? (
        <ShareDialog definition={definition} record={record} onClose={() => setDialog('none')} />
      ) : null}
      {dialog === 'convert' ? <ConvertLeadDialog lead={record} onClose={() => setDialog('none')} /> : null}
    </Page>
  );
}
