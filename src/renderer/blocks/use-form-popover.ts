import { useClickOutside } from '@mantine/hooks';
import { useState, type KeyboardEvent } from 'react';

/**
 * A popover with a form in it: lists and calendars that its fields unfold lie beside it in the page, and choosing there
 * does not close it, nor does Escape that folds them. `popover` is for the popover, `target` for the button it opens from,
 * `dropdown` for what it shows.
 */
export function useFormPopover() {
  const [opened, setOpen] = useState(false);
  const ref = useClickOutside<HTMLButtonElement>(({ target }) => {
    const isUnfolded = target instanceof Element && target.closest('[data-portal]') !== null;
    if (!isUnfolded) setOpen(false);
  });
  return {
    popover: { opened, onChange: setOpen, closeOnClickOutside: false, closeOnEscape: false, returnFocus: true },
    target: { ref, onClick: () => setOpen(!opened) },
    dropdown: {
      onKeyDown({ key, target }: KeyboardEvent) {
        const isUnfolded = target instanceof Element && target.getAttribute('aria-expanded') === 'true';
        if (key === 'Escape' && !isUnfolded) setOpen(false);
      },
    },
  };
}
