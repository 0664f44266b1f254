import { Button, Group, Menu, Popover, Select, Stack, TextInput } from '@mantine/core';
import { IconCalendarTime, IconDeviceFloppy, IconLink, IconPencil, IconReport, IconTrash } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { readLook } from '#shared/analytics/pivot-look.ts';
import { DocumentSettingsDialog, type DocumentSettings } from '#renderer/blocks/document-settings-dialog.tsx';
import type { PivotDraft } from '#renderer/features/pivot/use-pivot-draft.ts';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { sharingChoices } from '#shared/entities/document-sharing.ts';
import { entities } from '#shared/entities/registry.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './pivot.module.css';

/** Pivots under a name: opened, saved, shared, deleted. */
export function ReportsMenu(props: {
  readonly draft: PivotDraft;
  readonly onChange: (part: Partial<PivotDraft>) => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const navigate = useNavigate();
  const { draft } = props;
  const { data } = useLive('list', {
    entity: 'report',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const reports = data?.rows ?? [];
  const current = reports.find((row) => row.id === draft.reportId);
  const button = useRef<HTMLButtonElement>(null);
  const [isEdited, setEdited] = useState(false);
  const isChanged =
    current !== undefined &&
    toCanonicalJson([current['spec'], readLook(current['look'])]) !== toCanonicalJson([draft.spec, draft.look]);

  function open(row: LocalRecord): void {
    const { spec } = row;
    if (isPivotSpec(spec)) props.onChange({ reportId: row.id, spec, look: readLook(row['look']) });
  }

  async function remove(row: LocalRecord): Promise<void> {
    const reference = { entity: 'report', id: row.id };
    const outcome = await run('deleteRecord', reference, {
      done: t('analytics.reports.deleted', { name: textOf(row['name']) }),
      undo: { command: 'restoreRecord', input: reference, entity: 'report', ids: [row.id], left: null },
    });
    if (outcome !== null) props.onChange({ reportId: null });
  }

  function closeSettings(): void {
    setEdited(false);
    button.current?.focus();
  }

  /** What could not be saved stays in the dialog. */
  async function save(id: string, values: DocumentSettings): Promise<void> {
    const change = { entity: 'report', id, values: { ...values } };
    if ((await run('updateRecord', change, { done: t('analytics.reports.saved') })) !== null) closeSettings();
  }

  return (
    <Group gap={6}>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button
            ref={button}
            variant="default"
            leftSection={<IconReport size={15} />}
            maw={260}
            title={current === undefined ? undefined : textOf(current['name'])}
          >
            <span className={classes.reportName}>
              {current === undefined ? t('analytics.reports.title') : textOf(current['name'])}
            </span>
            {isChanged ? ' *' : ''}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {reports.length === 0 ? <Menu.Label>{t('analytics.reports.none')}</Menu.Label> : null}
          {reports.map((row) => (
            <Menu.Item key={row.id} onClick={() => open(row)}>
              {textOf(row['name'])}
            </Menu.Item>
          ))}
          {current === undefined ? null : (
            <>
              <Menu.Divider />
              {can('update', entities.report, current) ? (
                <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setEdited(true)}>
                  {t('analytics.reports.edit')}
                </Menu.Item>
              ) : null}
              <Menu.Item
                leftSection={<IconLink size={14} />}
                onClick={() => {
                  const copied = current['sharing'] === 'private' ? 'linkCopiedPrivate' : 'linkCopied';
                  navigator.clipboard.writeText(`outpost://reports/${current.id}`).then(
                    () => showDone({ message: t(`analytics.reports.${copied}`) }),
                    () => showDone({ message: t('analytics.pivot.notCopied') }),
                  );
                }}
              >
                {t('analytics.reports.copyLink')}
              </Menu.Item>
              {can('create', entities.reportSchedule) ? (
                <Menu.Item
                  leftSection={<IconCalendarTime size={14} />}
                  onClick={() => void navigate(`/analytics/schedules?report=${current.id}`)}
                >
                  {t('schedules.action')}
                </Menu.Item>
              ) : null}
              {can('delete', entities.report, current) ? (
                <Menu.Item leftSection={<IconTrash size={14} />} color="red" onClick={() => void remove(current)}>
                  {t('analytics.reports.delete')}
                </Menu.Item>
              ) : null}
            </>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconCalendarTime size={14} />} onClick={() => void navigate('/analytics/schedules')}>
            {t('schedules.manage')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {current !== undefined && isEdited ? (
        <DocumentSettingsDialog
          entity="report"
          title={t('analytics.reports.settings')}
          start={{ name: textOf(current['name']), sharing: textOf(current['sharing']) }}
          onSave={(values) => void save(current.id, values)}
          onClose={closeSettings}
        />
      ) : null}
      {current !== undefined && isChanged && can('update', entities.report, current) ? (
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size={15} />}
          onClick={() =>
            void run(
              'updateRecord',
              { entity: 'report', id: current.id, values: { spec: draft.spec, look: draft.look } },
              { done: t('analytics.reports.saved') },
            )
          }
        >
          {t('common.save')}
        </Button>
      ) : null}
      {can('create', entities.report) ? (
        <SaveAs draft={draft} onSaved={(reportId) => props.onChange({ reportId })} />
      ) : null}
    </Group>
  );
}

function SaveAs(props: { readonly draft: PivotDraft; readonly onSaved: (id: string) => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [sharing, setSharing] = useState<string>('private');

  async function save(): Promise<void> {
    const { spec, look } = props.draft;
    const outcome = await run(
      'createRecord',
      { entity: 'report', values: { name: name.trim(), sharing, spec, look } },
      { done: t('analytics.reports.saved') },
    );
    if (outcome?.recordId === undefined || outcome.recordId === null) return;
    setOpen(false);
    setName('');
    props.onSaved(outcome.recordId);
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!isOpen)}>
          {t('analytics.reports.saveAs')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap={8}>
            <TextInput
              size="xs"
              label={names.field(entities.report, 'name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              maxLength={120}
            />
            <Select
              size="xs"
              label={names.field(entities.report, 'sharing')}
              data={sharingChoices.map((value) => ({ value, label: names.option(entities.report, 'sharing', value) }))}
              value={sharing}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              onChange={(value) => setSharing(value ?? 'private')}
            />
            <Button type="submit">{t('common.save')}</Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
