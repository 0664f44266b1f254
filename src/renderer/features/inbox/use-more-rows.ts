import { useEffect, useRef } from 'react';

/** Asks for more when the end of the rows comes into sight; `hasMore` is false until that has come. Put the result below the rows. */
export function useMoreRows(hasMore: boolean, onMore: () => void) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!hasMore || end.current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return;
        observer.disconnect();
        onMore();
      },
      // The page scrolls within the window.
      { scrollMargin: '600px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasMore, onMore]);
  return end;
}
