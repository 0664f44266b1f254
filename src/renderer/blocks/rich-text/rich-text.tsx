// A field for text with looks: bold, italic, underline, lists, quotations, links. Nothing else can be in it, whatever is pasted.
import { Input } from '@mantine/core';
import { EditorContent, useEditor, type Editor } from '@tiptap/react';
import { useEffect, useId, useRef } from 'react';
import { bodyOfEditor, contentOfBody, inText } from '#renderer/blocks/rich-text/letter-editing.ts';
import { letterExtensions } from '#renderer/blocks/rich-text/letter-extensions.ts';
import { RichTextToolbar } from '#renderer/blocks/rich-text/rich-text-toolbar.tsx';
import type { LetterBody } from '#shared/mail/letter-document.ts';
import classes from './rich-text.module.css';

export interface RichTextProps {
  readonly label: string;
  /** What it begins with; from then on the editor has it. */
  readonly initial: LetterBody;
  readonly onChange: (body: LetterBody) => void;
  /** For what others put into it. */
  readonly onReady?: (editor: Editor) => void;
  readonly isFocused?: boolean;
  readonly isSmall?: boolean;
}

export function RichText(props: RichTextProps) {
  const id = useId();
  const { onChange, onReady } = props;
  const told = useRef(onChange);
  useEffect(() => {
    told.current = onChange;
  });
  const editor = useEditor({
    extensions: letterExtensions,
    content: contentOfBody(props.initial),
    parseOptions: { preserveWhitespace: 'full' },
    injectCSS: false,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: {
        id,
        role: 'textbox',
        class: classes.text ?? '',
        'aria-multiline': 'true',
        'aria-labelledby': `${id}-label`,
        ...(props.isFocused === true ? { 'data-autofocus': 'true' } : {}),
      },
    },
    onUpdate: ({ editor: changed }) => told.current(bodyOfEditor(changed)),
  });
  useEffect(() => onReady?.(editor), [editor, onReady]);

  return (
    <div>
      <Input.Label
        id={`${id}-label`}
        labelElement="div"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => inText(editor).run()}
      >
        {props.label}
      </Input.Label>
      <div className={classes.field} data-small={props.isSmall}>
        <RichTextToolbar editor={editor} controls={id} />
        <EditorContent editor={editor} />
      </div>
    </div>
  );
}
