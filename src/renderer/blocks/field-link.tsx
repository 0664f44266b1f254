// Addresses that are opened: a website and a phone number by other programs, an e-mail here where there is a mailbox. The main
// process decides what may be opened.
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useLetterWriter } from '#renderer/blocks/mail/write-letter.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';

/** The address behind a field's text, null when it has none. */
function addressOf(type: FieldType | undefined, text: string): string | null {
  if (text === '') return null;
  if (type === 'email') return `mailto:${encodeURIComponent(text).replace('%40', '@')}`;
  if (type === 'phone') return `tel:${text.replaceAll(/[^+\d]/g, '')}`;
  if (type !== 'url' || /^http:/i.test(text)) return null;
  return /^https:/i.test(text) ? text : `https://${text}`;
}

/** A field's text, as a link where it is one. */
export function FieldLink(props: { readonly type: FieldType | undefined; readonly text: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const writer = useLetterWriter();
  const address = addressOf(props.type, props.text);
  if (address === null) return props.text;
  return (
    <a
      href={address}
      draggable={false}
      onClick={(event) => {
        event.preventDefault();
        if (props.type === 'email' && writer?.hasMailbox === true) {
          writer.write({ kind: 'new', to: { name: '', address: props.text } });
          return;
        }
        invokeMain(getBridge(), 'shell.openExternal', { url: address }).catch((error: unknown) =>
          notifications.show({
            color: 'red',
            message: errorText(error),
            closeButtonProps: { 'aria-label': t('common.close') },
          }),
        );
      }}
    >
      {props.text}
    </a>
  );
}
