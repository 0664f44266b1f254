import { Anchor } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import type { ReactNode } from 'react';

const textTypes = /^(?:date|datetime-local|email|month|number|password|search|tel|text|time|url|week)$/;

/** There Ctrl+Z takes back what was typed. */
function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return textTypes.test(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** Takes back what was done last. While it is offered, Ctrl+Z does the same: it stands far from where the keyboard is. */
export function UndoButton(props: { readonly children: ReactNode; readonly onUndo: () => void }) {
  useWindowEvent('keydown', (event) => {
    const isUndo =
      (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';
    if (!isUndo || event.repeat || event.defaultPrevented || isText(event.target)) return;
    if (document.querySelector('[aria-modal="true"]') !== null) return;
    event.preventDefault();
    props.onUndo();
  });
  return (
    <Anchor component="button" size="sm" aria-keyshortcuts="Control+Z" onClick={props.onUndo}>
      {props.children}
    </Anchor>
  );
}
