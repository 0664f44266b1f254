// The looks of a text, as one row of buttons: one stop of the Tab key, arrows move in it.
import { ActionIcon } from '@mantine/core';
import {
  IconBlockquote,
  IconBold,
  IconClearFormatting,
  IconItalic,
  IconList,
  IconListNumbers,
  IconUnderline,
} from '@tabler/icons-react';
import { useEditorState, type Editor } from '@tiptap/react';
import { useState, type ComponentType, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { inText } from '#renderer/blocks/rich-text/letter-editing.ts';
import { LinkButton } from '#renderer/blocks/rich-text/link-button.tsx';
import classes from './rich-text.module.css';

interface Look {
  readonly name: 'bold' | 'italic' | 'underline' | 'bulletList' | 'orderedList' | 'blockquote';
  readonly icon: ComponentType<{ readonly size: number }>;
  readonly keys: string;
  readonly toggle: (editor: Editor) => boolean;
}

const looks: readonly Look[] = [
  { name: 'bold', icon: IconBold, keys: 'B', toggle: (editor) => inText(editor).toggleBold().run() },
  { name: 'italic', icon: IconItalic, keys: 'I', toggle: (editor) => inText(editor).toggleItalic().run() },
  {
    name: 'underline',
    icon: IconUnderline,
    keys: 'U',
    toggle: (editor) => inText(editor).toggleUnderline().run(),
  },
  {
    name: 'bulletList',
    icon: IconList,
    keys: 'Shift+8',
    toggle: (editor) => inText(editor).toggleBulletList().run(),
  },
  {
    name: 'orderedList',
    icon: IconListNumbers,
    keys: 'Shift+7',
    toggle: (editor) => inText(editor).toggleOrderedList().run(),
  },
  {
    name: 'blockquote',
    icon: IconBlockquote,
    keys: 'Shift+B',
    toggle: (editor) => inText(editor).toggleBlockquote().run(),
  },
];

const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

function clear(editor: Editor): void {
  inText(editor).unsetAllMarks().clearNodes().run();
}

export function RichTextToolbar({ editor, controls }: { readonly editor: Editor; readonly controls: string }) {
  const { t } = useTranslation();
  const [stop, setStop] = useState(0);
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => looks.filter(({ name }) => now.isActive(name)).map(({ name }) => name),
  });
  const control = (keys: string): string => t('richText.keys', { keys });

  function move(event: KeyboardEvent<HTMLButtonElement>): void {
    const step = steps[event.key];
    const buttons = [
      ...(event.currentTarget.parentElement?.querySelectorAll<HTMLButtonElement>(':scope > button') ?? []),
    ];
    const at = buttons.indexOf(event.currentTarget);
    if (step === undefined || at === -1) return;
    event.preventDefault();
    buttons[step(at, buttons.length)]?.focus();
  }

  const tabStop = (index: number) => ({
    tabIndex: index === stop ? 0 : -1,
    onFocus: () => setStop(index),
    onKeyDown: move,
  });

  return (
    <div role="toolbar" aria-label={t('richText.toolbar')} aria-controls={controls} className={classes.toolbar}>
      {looks.map(({ name, icon: Icon, keys, toggle }, index) => (
        <ActionIcon
          key={name}
          variant="subtle"
          color="gray"
          className={classes.button}
          aria-label={t(`richText.${name}`)}
          aria-pressed={active.includes(name)}
          aria-keyshortcuts={`Control+${keys}`}
          title={`${t(`richText.${name}`)} (${control(keys)})`}
          {...tabStop(index)}
          // The text keeps its selection.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => toggle(editor)}
        >
          <Icon size={16} />
        </ActionIcon>
      ))}
      <LinkButton editor={editor} {...tabStop(looks.length)} />
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.button}
        aria-label={t('richText.clear')}
        title={t('richText.clear')}
        {...tabStop(looks.length + 1)}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => clear(editor)}
      >
        <IconClearFormatting size={16} />
      </ActionIcon>
    </div>
  );
}
