// A dialog with a form in it. Whatever way it is closed (Escape, the cross, a click beside it, Cancel), what was typed
// goes only when the person says so; until then it stays as it was.
import { Modal, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useState, type KeyboardEvent as ReactKeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DiscardQuestion } from '#renderer/blocks/discard-question.tsx';
import { focusFirstProblem } from '#renderer/blocks/focus-first.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';

/** What is open inside the form, or over it, closes first; Mantine marks the inputs of lists and calendars. */
function isInnerEscape(event: KeyboardEvent): boolean {
  const others = '[data-mantine-stop-propagation="true"], [data-hears-escape="true"]';
  return event.target instanceof Element && event.target.closest(others) !== null;
}

/** Ctrl+Enter saves from anywhere in the form, as it sends letters and comments. */
function submitOnControlEnter(event: ReactKeyboardEvent): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  if (!(event.target instanceof Element)) return;
  const form = event.target.closest('form');
  if (form === null) return;
  event.preventDefault();
  form.requestSubmit();
}

export function FormDialog(props: {
  readonly isOpen: boolean;
  readonly title: string;
  /** Default: as wide as one field. */
  readonly size?: 'xl';
  /** The form differs from what it began with. */
  readonly isTyped: boolean;
  /** A click beside the dialog does nothing: it shows what is shown only once. */
  readonly isStrict?: boolean;
  /** Closes without asking: after saving, or once the person has agreed. */
  readonly onClose: () => void;
  /** The form; `cancel` is what its own button for leaving calls. */
  readonly children: (cancel: () => void) => ReactNode;
}) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  useTypedForm(props.isOpen && props.isTyped);

  function cancel(): void {
    if (props.isTyped) setAsking(true);
    else props.onClose();
  }

  function discard(): void {
    setAsking(false);
    props.onClose();
  }

  // One listener for both dialogs: the question's own would hear the Escape that made it appear.
  useWindowEvent(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || event.isComposing || !props.isOpen || isInnerEscape(event)) return;
      if (isAsking) setAsking(false);
      else cancel();
    },
    { capture: true },
  );

  return (
    <>
      <Modal
        opened={props.isOpen}
        {...(props.size === undefined ? {} : { size: props.size })}
        onClose={cancel}
        closeOnEscape={false}
        closeOnClickOutside={props.isStrict !== true}
        title={<Text fw={600}>{props.title}</Text>}
        closeButtonProps={{ 'aria-label': t('common.close') }}
        onSubmit={focusFirstProblem}
        onKeyDown={submitOnControlEnter}
      >
        {props.children(cancel)}
      </Modal>
      <DiscardQuestion
        isOpen={props.isOpen && isAsking}
        hearsEscape={false}
        onKeep={() => setAsking(false)}
        onDiscard={discard}
      />
    </>
  );
}
