/** Nothing of the page but `shown` can be seen, reached or heard, also what is added later. Answers how to end it. */
export function hideOthers(shown: HTMLElement): () => void {
  const hidden = new Map<HTMLElement, { readonly inert: boolean; readonly visibility: string }>();
  const hide = (element: Element): void => {
    if (!(element instanceof HTMLElement) || element === shown || hidden.has(element)) return;
    hidden.set(element, { inert: element.inert, visibility: element.style.visibility });
    element.inert = true;
    element.style.visibility = 'hidden';
  };
  for (const element of document.body.children) hide(element);
  const observer = new MutationObserver(() => {
    for (const element of document.body.children) hide(element);
  });
  observer.observe(document.body, { childList: true });
  // Shortcuts of the screens below listen at the window; keys of the cover stay in the cover.
  const keep = (event: KeyboardEvent): void => {
    if (event.target instanceof Node && shown.contains(event.target)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  const quiet = (event: KeyboardEvent): void => event.stopPropagation();
  window.addEventListener('keydown', keep, true);
  shown.addEventListener('keydown', quiet);
  return () => {
    observer.disconnect();
    window.removeEventListener('keydown', keep, true);
    shown.removeEventListener('keydown', quiet);
    for (const [element, { inert, visibility }] of hidden) {
      element.inert = inert;
      element.style.visibility = visibility;
    }
  };
}
