// The last look before it goes out: to how many, when, how fast. From here on it stands still.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { useAudienceCount } from '#renderer/features/campaigns/audience-fields.tsx';
import { useFollowed, useFollowText } from '#renderer/features/campaigns/follow-fields.tsx';
import { stateOf } from '#renderer/features/campaigns/campaign-words.ts';
import type { Values } from '#renderer/features/campaigns/use-campaign-draft.ts';
import { audienceOf } from '#shared/campaigns/audience.ts';
import { followUpOf } from '#shared/campaigns/follow-up.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './campaigns.module.css';

export function PublishDialog(props: { readonly id: string; readonly values: Values; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ask, isAsking, error } = useCampaignCall();
  const [openedMs] = useState(() => Date.now());
  const { values } = props;
  const follows = followUpOf(values);
  const followed = useFollowed(follows?.campaignId ?? null);
  const followText = useFollowText();
  const counted = useAudienceCount(audienceOf(values['audience']), follows);
  const recipients = counted.data?.recipients ?? null;
  // Who has not opened it is known once it has gone out.
  const isOpen = follows !== null && (followed === null || stateOf(followed) !== 'sent');
  const left = counted.data?.leftOut.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const at = textOf(values['scheduledAt'] ?? '');
  const isLater = at !== '' && Date.parse(at) > openedMs;
  const perHour = values['perHour'];
  const share = values['testShare'];
  const lines = [
    follows !== null
      ? followText(follows, followed)
      : isLater
        ? t('campaigns.publish.at', { at: format.instant(at) })
        : t('campaigns.publish.now'),
    ...(follows === null || isOpen ? [] : [t('campaigns.follows.now')]),
    ...(values['bestTime'] === true ? [t('campaigns.publish.bestTime')] : []),
    ...(typeof perHour === 'number' && recipients !== null
      ? [
          t('campaigns.publish.perHour', {
            count: Math.max(1, Math.ceil(recipients / perHour)),
            perHour: format.number(perHour),
          }),
        ]
      : []),
    ...(typeof share === 'number' ? [t('campaigns.publish.test', { share: format.percent(share) })] : []),
    ...(left > 0 ? [t('campaigns.audience.left', { count: left, formatted: format.number(left) })] : []),
  ];

  async function publish(): Promise<void> {
    if ((await ask('publishCampaign', { id: props.id })) !== null) props.onClose();
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('campaigns.publish.title', { name: textOf(values['name']) })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        {(error ?? counted.error) === null ? null : (
          <Alert color="red" role="alert">
            {error ?? counted.error}
          </Alert>
        )}
        <div role="status">
          <p className={classes.large}>
            {isOpen
              ? t('campaigns.follows.notYet')
              : recipients === null
                ? t('campaigns.audience.counting')
                : t('campaigns.audience.get', { count: recipients, formatted: format.number(recipients) })}
          </p>
          <ul className={classes.facts}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        <Text size="xs" c="dimmed">
          {t('campaigns.publish.hint')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            data-autofocus
            disabled={follows === null && (recipients === null || recipients === 0)}
            loading={isAsking}
            onClick={() => void publish()}
          >
            {isLater || follows !== null
              ? t('campaigns.publish.schedule')
              : t('campaigns.publish.send', { count: recipients ?? 0, formatted: format.number(recipients ?? 0) })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
