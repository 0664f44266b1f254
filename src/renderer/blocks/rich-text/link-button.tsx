// Where a link leads: asked beside the text, for what is selected or the link the cursor stands in.
import { ActionIcon, Button, Group, Popover, Stack, TextInput } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useEditorState, type Editor } from '@tiptap/react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { linkAddress } from '#renderer/blocks/rich-text/link-address.ts';
import { hearSelection, inText } from '#renderer/blocks/rich-text/letter-editing.ts';
import classes from './rich-text.module.css';

export function LinkButton(props: {
  readonly editor: Editor;
  readonly tabIndex: number;
  readonly onFocus: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLButtonElement>) => void;
}) {
  const { t } = useTranslation();
  const { editor } = props;
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const isLink = useEditorState({ editor, selector: ({ editor: now }) => now.isActive('link') });

  function open(): void {
    const { href } = editor.getAttributes('link') as { readonly href?: unknown };
    setTyped(typeof href === 'string' ? href.replace(/^mailto:/i, '') : '');
    setWrong(false);
    setOpen(true);
  }

  // Ctrl and K is everybody's key for a link; in a text it does not open the palette.
  useEffect(() => {
    const text = editor.view.dom;
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      event.stopPropagation();
      hearSelection(editor);
      open();
    };
    text.addEventListener('keydown', onKey);
    return () => text.removeEventListener('keydown', onKey);
  });

  function close(): void {
    setOpen(false);
    inText(editor).run();
  }

  function put(): void {
    const address = linkAddress(typed);
    if (address === null) {
      setWrong(true);
      return;
    }
    const { empty } = editor.state.selection;
    const chain = inText(editor);
    if (empty && !editor.isActive('link'))
      chain
        .insertContent({ type: 'text', text: typed.trim(), marks: [{ type: 'link', attrs: { href: address } }] })
        .unsetMark('link')
        .run();
    else chain.extendMarkRange('link').setLink({ href: address }).run();
    setOpen(false);
  }

  function remove(): void {
    inText(editor).extendMarkRange('link').unsetLink().run();
    setOpen(false);
  }

  function onKey(event: KeyboardEvent): void {
    // Neither the toolbar nor the dialog around it hears keys that are meant here.
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    put();
  }

  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      width={320}
      trapFocus
      closeOnEscape={false}
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.button}
          aria-label={t('richText.link')}
          aria-pressed={isLink}
          aria-haspopup="dialog"
          aria-keyshortcuts="Control+K"
          title={`${t('richText.link')} (${t('richText.keys', { keys: 'K' })})`}
          tabIndex={props.tabIndex}
          onFocus={props.onFocus}
          onKeyDown={props.onKeyDown}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => (isOpen ? close() : open())}
        >
          <IconLink size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('richText.link')} data-mantine-stop-propagation="true" onKeyDown={onKey}>
        <Stack gap={8}>
          <TextInput
            size="xs"
            label={t('richText.address')}
            placeholder="https://"
            value={typed}
            maxLength={2000}
            error={isWrong ? t('richText.noAddress') : null}
            data-autofocus
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setWrong(false);
            }}
          />
          <Group gap={6} justify="flex-end">
            {isLink ? (
              <Button size="compact-sm" variant="subtle" onClick={remove}>
                {t('richText.removeLink')}
              </Button>
            ) : null}
            <Button size="compact-sm" onClick={put}>
              {t('richText.putLink')}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
