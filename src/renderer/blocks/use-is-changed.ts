import { useLayoutEffect, useState } from 'react';
import { isJsonEqual } from '#shared/kernel/json.ts';

/** True when the values of a form are not those it began with. */
export function useIsChanged(values: Readonly<Record<string, unknown>>): boolean {
  const [first] = useState(values);
  return !isJsonEqual(first, values);
}

/** Tells the dialog around a form whether something was typed, and that nothing is left when the form goes. */
export function useReportTyped(isTyped: boolean, onTyped: (isTyped: boolean) => void): void {
  // Before anything else is heard: the Escape that follows the last letter must find it.
  useLayoutEffect(() => {
    onTyped(isTyped);
    return () => onTyped(false);
  }, [isTyped, onTyped]);
}
