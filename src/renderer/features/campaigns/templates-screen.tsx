// Mail templates: written once, filled in for each person; campaigns and the composer of mail begin with them.
import { Button, Group, Menu, Select, Stack, TextInput } from '@mantine/core';
import { IconDots, IconPlus, IconTemplate, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { ListMenu } from '#renderer/blocks/list-menu.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { CampaignTabs } from '#renderer/features/campaigns/campaign-tabs.tsx';
import { MailContentFields, type MailTexts } from '#renderer/features/campaigns/mail-content-fields.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { sharingChoices } from '#shared/entities/document-sharing.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { mailVariables } from '#shared/mail/mail-variables.ts';
import { unknownVariables } from '#shared/mail/render-template.ts';
import { contentOf } from '#shared/mail/template-content.ts';
import classes from './campaigns.module.css';

/** Of tasks and goals nothing is known in a mail to a customer. */
const offered = mailVariables.filter(({ source }) => !['task', 'goal'].includes(source)).map(({ name }) => name);

export function TemplatesScreen() {
  const { t } = useTranslation();
  const can = useCan();
  const isFirstSync = useIsFirstSync();
  const [edited, setEdited] = useState<LocalRecord | 'new' | null>(null);
  const { data } = useLive('list', {
    entity: 'mailTemplate',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const mayCreate = can('create', entities.mailTemplate);
  const action = { label: t('campaigns.templates.new'), onClick: () => setEdited('new') };
  return (
    <Page
      title={t('campaigns.title')}
      actions={
        mayCreate ? (
          <Button leftSection={<IconPlus size={15} />} onClick={action.onClick}>
            {action.label}
          </Button>
        ) : null
      }
      toolbar={
        <>
          <CampaignTabs current="templates" />
          <div style={{ flex: 1 }} />
          <ListMenu entity="mailTemplate" />
        </>
      }
    >
      {data === undefined || (data.total === 0 && isFirstSync) ? null : data.total === 0 ? (
        <EmptyState
          icon={<IconTemplate size={28} stroke={1.4} />}
          title={t('campaigns.templates.empty')}
          text={t('campaigns.templates.emptyText')}
          action={mayCreate ? action : undefined}
        />
      ) : (
        <div className={classes.frame}>
          <table className={classes.table} aria-label={t('campaigns.tabs.templates')}>
            <thead>
              <tr>
                <th scope="col">{t('fields.mailTemplate.name')}</th>
                <th scope="col">{t('fields.mailTemplate.subject')}</th>
                <th scope="col">{t('campaigns.templates.changed')}</th>
                <th scope="col" aria-label={t('campaigns.more')} />
              </tr>
            </thead>
            <tbody>
              {data.rows.map((record) => (
                <TemplateRow key={record.id} record={record} onOpen={() => setEdited(record)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited === null ? null : (
        <TemplateDialog record={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Page>
  );
}

function TemplateRow(props: { readonly record: LocalRecord; readonly onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const can = useCan();
  const run = useCommand();
  const { record } = props;
  const name = textOf(record['name']);

  async function remove(): Promise<void> {
    const input = { entity: 'mailTemplate', id: record.id };
    const undo = { command: 'restoreRecord', input, entity: 'mailTemplate', ids: [record.id], left: null } as const;
    await run('deleteRecord', input, { done: t('campaigns.templates.removed'), undo });
  }
  return (
    <tr data-template={record.id}>
      <th scope="row">
        <span className={classes.name}>
          <button type="button" className={classes.open} onClick={props.onOpen}>
            {name}
          </button>
          <PendingMark pending={record.pending} />
        </span>
      </th>
      <td className={classes.url}>{textOf(record['subject'])}</td>
      <td className="op-muted">{format.instant(record.updatedAt)}</td>
      <td className="op-number">
        {can('delete', entities.mailTemplate, record) ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-xs" variant="subtle" aria-label={t('campaigns.templates.moreOf', { name })}>
                <IconDots size={15} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
                {t('campaigns.templates.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </td>
    </tr>
  );
}

function TemplateDialog(props: { readonly record: LocalRecord | null; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const names = useNames();
  const { record } = props;
  const [first] = useState(() => ({
    name: textOf(record?.['name'] ?? ''),
    sharing: textOf(record?.['sharing'] ?? 'private'),
    ...contentOf(record ?? {}),
  }));
  const [form, setForm] = useState(first);
  const [isSaving, setSaving] = useState(false);
  const mayChange = record === null || can('update', entities.mailTemplate, record);
  const isReady =
    [form.name, form.subject, form.body].every((text) => text.trim() !== '') &&
    unknownVariables([form.subject, form.body], offered).length === 0;

  async function save(): Promise<void> {
    setSaving(true);
    const done = { done: t('campaigns.templates.saved') };
    const saved =
      record === null
        ? await run('createRecord', { entity: 'mailTemplate', values: form }, done)
        : await run('updateRecord', { entity: 'mailTemplate', id: record.id, values: form, base: record }, done);
    setSaving(false);
    if (saved !== null) props.onClose();
  }
  const change = (next: Partial<MailTexts & { name: string; sharing: string }>): void =>
    setForm((known) => ({ ...known, ...next }));

  return (
    <FormDialog
      isOpen
      title={t(record === null ? 'campaigns.templates.new' : 'campaigns.templates.edit')}
      isTyped={mayChange && !isJsonEqual(form, first)}
      onClose={props.onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady && mayChange) void save();
          }}
        >
          <fieldset className={classes.plain} disabled={!mayChange}>
            <Stack gap="sm">
              <TextInput
                label={t('fields.mailTemplate.name')}
                withAsterisk
                data-autofocus
                maxLength={120}
                value={form.name}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <MailContentFields texts={form} variables={offered} onChange={change} />
              <Select
                label={names.field(entities.mailTemplate, 'sharing')}
                allowDeselect={false}
                value={form.sharing}
                data={sharingChoices.map((value) => ({
                  value,
                  label: names.option(entities.mailTemplate, 'sharing', value),
                }))}
                onChange={(sharing) => change({ sharing: sharing ?? 'private' })}
              />
              {mayChange ? null : <p className={classes.hint}>{t('campaigns.templates.mayNot')}</p>}
            </Stack>
          </fieldset>
          <Group justify="flex-end" gap="xs" mt="md">
            <Button variant="default" onClick={cancel}>
              {t(mayChange ? 'common.cancel' : 'common.close')}
            </Button>
            {mayChange ? (
              <Button type="submit" disabled={!isReady} loading={isSaving}>
                {t('common.save')}
              </Button>
            ) : null}
          </Group>
        </form>
      )}
    </FormDialog>
  );
}
