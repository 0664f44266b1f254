// A mail written by somebody who has no mailbox here: it is copied to where it is sent from.
import { Alert, Anchor, Button, CopyButton, Group, Stack, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DraftMenu } from '#renderer/blocks/drafting/draft-menu.tsx';
import type { DraftedRecord } from '#renderer/blocks/drafting/use-draft-facts.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { recipientText } from '#renderer/blocks/mail/draft-for.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { MailAddress } from '#shared/mail/mail-types.ts';

export function CopyLetterDialog(props: {
  readonly record: DraftedRecord | null;
  readonly to: MailAddress | undefined;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  return (
    <FormDialog isOpen title={t('drafting.title')} isTyped={subject !== '' || text !== ''} onClose={props.onClose}>
      {(cancel) => (
        <Stack gap="sm">
          <Alert variant="light" role="note" p="xs">
            {t('mailbox.copyOnly')}{' '}
            <Anchor
              component="button"
              type="button"
              size="sm"
              c="inherit"
              underline="always"
              onClick={() => void invokeMain(getBridge(), 'window.openSettings', { section: 'mailboxes' })}
            >
              {t('mailbox.connect')}
            </Anchor>
          </Alert>
          {props.to === undefined ? null : (
            <TextInput label={t('mailbox.field.to')} value={recipientText(props.to)} readOnly />
          )}
          <Group>
            <DraftMenu
              record={props.record}
              text={text}
              onText={(next, nextSubject) => {
                setText(next);
                if (nextSubject !== undefined) setSubject(nextSubject);
              }}
            />
          </Group>
          <TextInput
            label={t('drafting.subject')}
            data-autofocus
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
          <Textarea
            label={t('drafting.text')}
            autosize
            minRows={10}
            maxRows={18}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={cancel}>
              {t('common.close')}
            </Button>
            <CopyButton value={subject === '' ? text : `${subject}\n\n${text}`}>
              {({ copied, copy }) => (
                <Button onClick={copy} disabled={text.trim() === ''}>
                  {t(copied ? 'common.copied' : 'common.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      )}
    </FormDialog>
  );
}
