// A letter: whom, what, with which template and files, when, and what happens when nobody answers. Everything typed is kept on this
// computer while it is typed.
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  Modal,
  NativeSelect,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { IconClock, IconPaperclip, IconSend, IconTemplate, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { DraftMenu } from '#renderer/blocks/drafting/draft-menu.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { attachToMail } from '#renderer/features/mail/attach-to-mail.ts';
import { draftFor, parseRecipients, recipientText, type Composing } from '#renderer/features/mail/draft-for.ts';
import { letterOf, partsOfLetter } from '#renderer/features/mail/letter-parts.ts';
import { useMailTemplates } from '#renderer/features/mail/use-mail-templates.ts';
import type { MailAccountState, MailDraft } from '#shared/mail/mail-types.ts';
import classes from './mail.module.css';

export type { Composing };

const SAVE_AFTER_MS = 600;
const FOLLOW_UPS = [2, 3, 5, 7, 14];

export function ComposeDialog(props: {
  readonly composing: Composing;
  readonly accounts: readonly MailAccountState[];
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const errorText = useErrorText();
  const format = useFormat();
  const [draft, setDraft] = useState<MailDraft>(() => draftFor(props.composing, props.accounts, t));
  const [isCopied, setCopied] = useState(draft.cc.length + draft.bcc.length > 0);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [openedAt] = useState(() => new Date());
  const input = useRef<HTMLInputElement>(null);
  const saved = useRef<{ id: string | null; text: string }>({
    id: props.composing.kind === 'draft' ? props.composing.item.id : null,
    text: JSON.stringify(draft),
  });
  const saving = useRef<Promise<void>>(Promise.resolve());
  const fillIn = useMailTemplates(draft);
  const { written, below } = partsOfLetter(draft.text);
  /** A subject that came with a draft gives way to the next one; one that was typed stays. */
  const drafted = useRef('');

  /** One after the other, so that a letter is saved once. */
  function save(letter: MailDraft): Promise<void> {
    saving.current = saving.current.then(async () => {
      const text = JSON.stringify(letter);
      if (text === saved.current.text) return;
      const id = await invokeMain(getBridge(), 'mailbox.saveDraft', { id: saved.current.id, draft: letter });
      saved.current = { id, text };
    });
    return saving.current;
  }
  useEffect(() => {
    const timer = setTimeout(() => {
      save(draft).catch((failure: unknown) => setError(errorText(failure)));
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  });

  const change = (next: Partial<MailDraft>): void => setDraft((before) => ({ ...before, ...next }));

  function putDraft(text: string, subject?: string): void {
    const isOpen = draft.subject === '' || draft.subject === drafted.current;
    if (subject !== undefined) drafted.current = subject;
    change({ text: letterOf(text, below), ...(subject === undefined || !isOpen ? {} : { subject }) });
  }

  async function close(): Promise<void> {
    try {
      await save(draft);
      props.onClose();
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  async function send(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      // A letter that was not touched is one, too.
      saved.current.text = '';
      await save(draft);
      if (saved.current.id !== null) await invokeMain(getBridge(), 'mailbox.send', { id: saved.current.id });
      props.onClose();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  async function attach(files: readonly File[]): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      for (const file of files) {
        const taken = await attachToMail(file);
        setDraft((before) => ({ ...before, attachments: [...before.attachments, taken] }));
      }
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  const people = (field: 'to' | 'cc' | 'bcc') => (
    <TagsInput
      label={t(`mailbox.field.${field}`)}
      value={draft[field].map((each) => recipientText(each))}
      onChange={(values) => change({ [field]: parseRecipients(values) })}
      splitChars={[',', ';', '\n']}
      acceptValueOnBlur
      data={fillIn.suggestions}
      limit={5}
      maxDropdownHeight={260}
      withScrollArea={false}
      data-autofocus={field === 'to' && draft.to.length === 0 ? true : undefined}
    />
  );

  return (
    <Modal
      opened
      onClose={() => void close()}
      size={720}
      title={<Text fw={600}>{t('mailbox.compose')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
    >
      <Stack gap={10} data-testid="compose">
        {props.accounts.length > 1 ? (
          <NativeSelect
            label={t('mailbox.field.from')}
            value={draft.accountId}
            data={props.accounts.map(({ id, address }) => ({ value: id, label: address }))}
            onChange={(event) => change({ accountId: event.currentTarget.value })}
          />
        ) : null}
        {people('to')}
        {isCopied ? (
          <>
            {people('cc')}
            {people('bcc')}
          </>
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            style={{ alignSelf: 'flex-start' }}
            onClick={() => setCopied(true)}
          >
            {t('mailbox.addCopies')}
          </Button>
        )}
        <TextInput
          label={t('mailbox.field.subject')}
          value={draft.subject}
          maxLength={998}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
        <Textarea
          label={t('mailbox.field.text')}
          value={draft.text}
          autosize
          minRows={9}
          maxRows={18}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        {draft.attachments.length === 0 ? null : (
          <ul className={classes.attached} aria-label={t('mailbox.attachments')}>
            {draft.attachments.map((file) => (
              <li key={file.id}>
                <IconPaperclip size={13} aria-hidden /> {file.name}{' '}
                <span className={classes.address}>{format.bytes(file.sizeBytes)}</span>
                <ActionIcon
                  size="xs"
                  variant="subtle"
                  aria-label={t('mailbox.detach', { name: file.name })}
                  onClick={() => change({ attachments: draft.attachments.filter(({ id }) => id !== file.id) })}
                >
                  <IconX size={12} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
        <Group gap={10} align="end">
          <DateTimePicker
            size="xs"
            w={200}
            clearable
            label={t('mailbox.sendLater')}
            placeholder={t('mailbox.now')}
            leftSection={<IconClock size={14} />}
            locale={i18n.language}
            valueFormat="L LT"
            minDate={openedAt}
            value={draft.sendAt === null ? null : new Date(draft.sendAt)}
            onChange={(value) => change({ sendAt: value === null ? null : new Date(value).toISOString() })}
          />
          <NativeSelect
            size="xs"
            label={t('mailbox.remind')}
            value={String(draft.followUpDays ?? 0)}
            data={[
              { value: '0', label: t('mailbox.noReminder') },
              ...FOLLOW_UPS.map((days) => ({ value: String(days), label: t('mailbox.remindAfter', { count: days }) })),
            ]}
            onChange={(event) => change({ followUpDays: Number(event.currentTarget.value) || null })}
          />
        </Group>
        {error === null ? null : (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        {fillIn.missing.length === 0 ? null : (
          <Alert color="yellow" role="status">
            {t('mailbox.missingValues', { names: fillIn.missing.join(', ') })}
          </Alert>
        )}
        <Group justify="space-between">
          <Group gap={6}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPaperclip size={14} />}
              onClick={() => input.current?.click()}
            >
              {t('mailbox.attach')}
            </Button>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              aria-label={t('mailbox.attach')}
              data-testid="mail-file"
              onChange={(event) => {
                void attach([...(event.currentTarget.files ?? [])]);
                event.currentTarget.value = '';
              }}
            />
            <Menu position="top-start">
              <Menu.Target>
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconTemplate size={14} />}
                  disabled={fillIn.templates.length === 0}
                >
                  {t('mailbox.template')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {fillIn.templates.map(({ id, name }) => (
                  <Menu.Item key={id} onClick={() => change(fillIn.apply(id, draft))}>
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <DraftMenu text={written} record={fillIn.person} onText={putDraft} />
          </Group>
          <Button size="xs" leftSection={<IconSend size={14} />} loading={isBusy} onClick={() => void send()}>
            {t(draft.sendAt === null ? 'mailbox.send' : 'mailbox.schedule')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
