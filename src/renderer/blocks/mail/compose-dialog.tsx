// A letter: whom, what, with which template and files, when, and what happens when nobody answers. Everything typed is kept on this
// computer while it is typed.
import { Alert, Button, Group, Menu, Modal, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { IconClock, IconSend, IconTemplate } from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import type { Fragment } from '@tiptap/pm/model';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { DraftMenu } from '#renderer/blocks/drafting/draft-menu.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { AttachedFiles, AttachMenu } from '#renderer/blocks/mail/attach-menu.tsx';
import { attachToMail } from '#renderer/blocks/mail/attach-to-mail.ts';
import { draftFor, parseRecipients, recipientText, type Composing } from '#renderer/blocks/mail/draft-for.ts';
import { partsOfLetter } from '#renderer/blocks/mail/letter-parts.ts';
import { putAbove, putWritten, writtenIn } from '#renderer/blocks/rich-text/letter-editing.ts';
import { RichText } from '#renderer/blocks/rich-text/rich-text.tsx';
import { useLetterSubject } from '#renderer/blocks/mail/use-letter-subject.ts';
import { useMailTemplates } from '#renderer/blocks/mail/use-mail-templates.ts';
import type { MailAccountState, MailDraft } from '#shared/mail/mail-types.ts';

export type { Composing };

const SAVE_AFTER_MS = 600;
const titles: Readonly<Record<Composing['kind'], string>> = {
  new: 'mailbox.write',
  answer: 'mailbox.answer',
  answerAll: 'mailbox.answerAll',
  forward: 'mailbox.forward',
  draft: 'mailbox.write',
};
const FOLLOW_UPS = [2, 3, 5, 7, 14];

export function ComposeDialog(props: {
  readonly composing: Composing;
  readonly accounts: readonly MailAccountState[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const format = useFormat();
  const [draft, setDraft] = useState<MailDraft>(() =>
    draftFor(props.composing, props.accounts, (key, { who, at }) => t(key, { who, at: format.instant(at) })),
  );
  const [isCopied, setCopied] = useState(draft.cc.length + draft.bcc.length > 0);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const editor = useRef<Editor | null>(null);
  const saved = useRef<{ id: string | null; text: string }>({
    id: props.composing.kind === 'draft' ? props.composing.item.id : null,
    text: JSON.stringify(draft),
  });
  const saving = useRef<Promise<void>>(Promise.resolve());
  const about = props.composing.kind === 'new' ? props.composing.about : undefined;
  const fillIn = useMailTemplates(draft);
  const subject = useLetterSubject(props.composing, draft, fillIn.person);
  const { written } = partsOfLetter(draft.text);
  /** A subject that came with a draft gives way to the next one; one that was typed stays. */
  const drafted = useRef('');
  /** What the last draft took the place of, with its looks. */
  const replaced = useRef<{ readonly text: string; readonly written: Fragment } | null>(null);

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
    if (subject !== undefined && isOpen) change({ subject });
    if (editor.current === null) return;
    const before = replaced.current;
    replaced.current = { text: written, written: writtenIn(editor.current) };
    putWritten(editor.current, before !== null && before.text === text ? before.written : text);
  }

  function putTemplate(id: string): void {
    const filled = fillIn.fill(id);
    if (filled === null || editor.current === null) return;
    if (draft.subject === '') change({ subject: filled.subject });
    putAbove(editor.current, filled.body);
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

  function sendByKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || isBusy) return;
    event.preventDefault();
    void send();
  }

  async function attach(read: () => Promise<readonly File[]>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      for (const file of await read()) {
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
      title={<Text fw={600}>{t(titles[props.composing.kind])}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
    >
      <Stack gap={10} data-testid="compose" onKeyDown={sendByKey}>
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
          data-autofocus={draft.to.length > 0 && draft.subject === '' ? true : undefined}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
        <RichText
          label={t('mailbox.field.text')}
          initial={{ text: draft.text, html: draft.html ?? null }}
          isFocused={props.composing.kind.startsWith('answer')}
          onReady={(ready) => {
            editor.current = ready;
          }}
          onChange={change}
        />
        {subject.dealName === null ? null : (
          <Text size="xs" c="dimmed">
            {t('mailbox.willBeKept', { name: subject.dealName })}
          </Text>
        )}
        <AttachedFiles
          files={draft.attachments}
          onDetach={(id) => change({ attachments: draft.attachments.filter((file) => file.id !== id) })}
        />
        <Group gap={10} align="end">
          <MomentInput
            isAhead
            size="xs"
            w={200}
            clearable
            label={t('mailbox.sendLater')}
            placeholder={t('mailbox.now')}
            leftSection={<IconClock size={14} />}
            value={draft.sendAt}
            onChange={(sendAt) => change({ sendAt })}
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
            <AttachMenu links={subject.links} onAttach={(files) => void attach(files)} />
            <Menu position="top-start">
              <Menu.Target>
                <Button size="xs" variant="default" leftSection={<IconTemplate size={14} />}>
                  {t('mailbox.template')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {fillIn.templates.length === 0 ? <Menu.Label>{t('mailbox.noTemplate')}</Menu.Label> : null}
                {fillIn.templates.map(({ id, name }) => (
                  <Menu.Item key={id} onClick={() => putTemplate(id)}>
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <DraftMenu text={written} record={about ?? fillIn.person} onText={putDraft} />
          </Group>
          <Button
            size="xs"
            leftSection={<IconSend size={14} />}
            loading={isBusy}
            aria-keyshortcuts="Control+Enter"
            title={t('mailbox.sendKeys')}
            onClick={() => void send()}
          >
            {t(draft.sendAt === null ? 'mailbox.send' : 'mailbox.schedule')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
