import { Anchor } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { undoKey } from '#renderer/blocks/undo-key.ts';

/** Takes back what was done last. While it is offered, Ctrl+Z does the same: it stands far from where the keyboard is. */
export function UndoButton(props: { readonly children: ReactNode; readonly onUndo: () => void }) {
  useWindowEvent('keydown', (event) => {
    if (undoKey(event) !== 'undo') return;
    event.preventDefault();
    props.onUndo();
  });
  return (
    <Anchor component="button" size="sm" aria-keyshortcuts="Control+Z" data-offers-undo onClick={props.onUndo}>
      {props.children}
    </Anchor>
  );
}
