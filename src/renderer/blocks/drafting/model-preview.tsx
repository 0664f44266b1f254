// Asks a language model, after showing to the letter what would be sent to whom. Nothing leaves before somebody says so.
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModelError } from '#renderer/blocks/drafting/use-model-error.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { promptOf } from '#shared/drafting/model-prompt.ts';
import type { DraftingState, ModelRequest } from '#shared/sync/drafting-messages.ts';

export function ModelPreview(props: {
  readonly request: ModelRequest;
  readonly state: DraftingState;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useModelError();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { request, state } = props;
  const { instructions, content } = promptOf(request);
  const place = { host: state.host ?? '', model: state.model ?? '' };

  async function send(): Promise<void> {
    setAsking(true);
    setError(null);
    try {
      const { text } = await invokeMain(getBridge(), 'drafting.ask', request);
      props.onText(text);
      props.onClose();
    } catch (failure) {
      setError(errorText(failure));
      setAsking(false);
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      zIndex={300}
      title={<Text fw={600}>{t('drafting.model.title')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('drafting.model.text', place)}</Text>
        <Textarea
          label={t('drafting.model.sent')}
          readOnly
          autosize
          minRows={8}
          maxRows={16}
          value={`${instructions}\n\n${content}`}
        />
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button data-autofocus loading={isAsking} onClick={() => void send()}>
            {t('drafting.model.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
