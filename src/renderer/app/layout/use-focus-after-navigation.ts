import { useEffect, useRef, type RefObject } from 'react';

/** When what had the focus went away with the last screen, the next Tab starts in the new one. */
export function useFocusAfterNavigation(pathname: string): RefObject<HTMLElement | null> {
  const region = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (document.activeElement === document.body) region.current?.focus();
  }, [pathname]);
  return region;
}
