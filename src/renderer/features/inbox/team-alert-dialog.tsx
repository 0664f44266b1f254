// What a manager tells the own teams, and an administrator everybody. Who may tell whom is the server's to say; here only
// what it would take is offered.
import { Button, Checkbox, Group, MultiSelect, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { announcementTopics } from '#shared/entities/announcement/announcement.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export function TeamAlertDialog(props: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const actor = useAppSelector(({ device: { session } }) => (session?.status === 'signedIn' ? session.actor : null));
  const mayTellAll = actor?.permissions.includes('org.configure_settings') === true;
  const { data } = useLive('list', {
    entity: 'team',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const teams = (data?.rows ?? []).filter(({ id }) => mayTellAll || actor?.teamIds.includes(id) === true);
  const [topic, setTopic] = useState<string>('team');
  const [teamIds, setTeamIds] = useState<readonly string[] | null>(null);
  const [isForAll, setForAll] = useState(false);
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [isUrgent, setUrgent] = useState(false);
  // Whoever leads teams means all of them, until saying otherwise.
  const chosen = teamIds ?? (mayTellAll ? [] : teams.map(({ id }) => id));
  const isToAll = mayTellAll && (isForAll || topic !== 'team');
  const isReady = title.trim() !== '' && (isToAll || chosen.length > 0);

  async function send(): Promise<void> {
    const done = await run(
      'sendAnnouncement',
      {
        topic,
        title: title.trim(),
        text: text.trim() === '' ? null : text.trim(),
        isUrgent,
        teamIds: isToAll ? [] : chosen,
      },
      { done: t('notifications.alert.sent') },
    );
    if (done !== null) props.onClose();
  }

  return (
    <FormDialog
      isOpen
      title={t('notifications.alert.open')}
      isTyped={title !== '' || text !== ''}
      onClose={props.onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) void send();
          }}
        >
          <Stack gap="sm">
            {mayTellAll ? (
              <Select
                label={names.field(entities.announcement, 'topic')}
                value={topic}
                allowDeselect={false}
                onChange={(value) => setTopic(value ?? 'team')}
                data={announcementTopics.map((value) => ({
                  value,
                  label: names.option(entities.announcement, 'topic', value),
                }))}
              />
            ) : null}
            {mayTellAll && topic === 'team' ? (
              <Checkbox
                label={t('notifications.alert.everybody')}
                checked={isForAll}
                onChange={(event) => setForAll(event.currentTarget.checked)}
              />
            ) : null}
            {isToAll ? null : (
              <MultiSelect
                label={t('notifications.alert.teams')}
                required
                searchable
                value={[...chosen]}
                onChange={setTeamIds}
                data={teams.map((team) => ({ value: team.id, label: textOf(team['name']) }))}
              />
            )}
            <TextInput
              label={names.field(entities.announcement, 'title')}
              required
              data-autofocus
              maxLength={160}
              value={title}
              onChange={(event) => setTitle(event.currentTarget.value)}
            />
            <Textarea
              label={names.field(entities.announcement, 'text')}
              autosize
              minRows={3}
              maxRows={10}
              maxLength={4000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Checkbox
              label={names.field(entities.announcement, 'isUrgent')}
              description={t('notifications.alert.urgentText')}
              checked={isUrgent}
              onChange={(event) => setUrgent(event.currentTarget.checked)}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={!isReady}>
                {t('notifications.alert.send')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
