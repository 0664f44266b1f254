// What goes with a letter: files of this computer, or documents that lie with the records it is about.
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDeviceLaptop, IconFile, IconPaperclip, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { readContent } from '#renderer/blocks/files/file-content.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { documentName } from '#shared/entities/file/document-versions.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MailDraft } from '#shared/mail/mail-types.ts';
import type { Filter } from '#shared/query/filter.ts';
import classes from './letter.module.css';

const MOST = 10;

/** Which records a letter is about, by the field of a file that names them. */
export type LetterLinks = Readonly<Partial<Record<'dealId' | 'leadId' | 'contactId' | 'accountId', string>>>;

function useDocuments(links: LetterLinks): readonly LocalRecord[] {
  const named = Object.entries(links).filter(([, id]) => id !== '');
  const filter: Filter = { or: named.map(([field, value]) => ({ field, op: 'eq', value })) };
  const { data } = useLive(
    'list',
    named.length === 0
      ? null
      : { entity: 'file', filter, sort: [{ field: 'createdAt', direction: 'desc' }], offset: 0, limit: MOST },
  );
  return data?.rows ?? [];
}

async function contentOf(file: LocalRecord): Promise<File> {
  const bytes = await readContent(file.id);
  return new File([bytes], textOf(file['name']), { type: textOf(file['mediaType']) });
}

export function AttachMenu(props: {
  readonly links: LetterLinks;
  readonly onAttach: (files: () => Promise<readonly File[]>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const documents = useDocuments(props.links);
  const choose = (): void => input.current?.click();
  const button = (onClick?: () => void) => (
    <Button size="xs" variant="default" leftSection={<IconPaperclip size={14} />} onClick={onClick}>
      {t('mailbox.attach')}
    </Button>
  );
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('mailbox.attach')}
        data-testid="mail-file"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          props.onAttach(() => Promise.resolve(files));
        }}
      />
      {documents.length === 0 ? (
        button(choose)
      ) : (
        <Menu position="top-start">
          <Menu.Target>{button()}</Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconDeviceLaptop size={14} />} onClick={choose}>
              {t('mailbox.fromComputer')}
            </Menu.Item>
            <Menu.Label>{t('mailbox.fromRecord')}</Menu.Label>
            {documents.map((file) => (
              <Menu.Item
                key={file.id}
                leftSection={<IconFile size={14} />}
                onClick={() => props.onAttach(async () => [await contentOf(file)])}
              >
                {documentName(file)} · {format.bytes(Number(file['sizeBytes']))}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

export function AttachedFiles(props: {
  readonly files: MailDraft['attachments'];
  readonly onDetach: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  if (props.files.length === 0) return null;
  return (
    <ul className={classes.attached} aria-label={t('mailbox.attachments')}>
      {props.files.map((file) => (
        <li key={file.id}>
          <IconPaperclip size={13} aria-hidden /> {file.name}{' '}
          <span className={classes.address}>{format.bytes(file.sizeBytes)}</span>
          <ActionIcon
            size="xs"
            variant="subtle"
            aria-label={t('mailbox.detach', { name: file.name })}
            onClick={() => props.onDetach(file.id)}
          >
            <IconX size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
