// While a window is covered, keys go nowhere but into the cover. Dialogs below listen at the window before anything else hears
// a key, so this listens before any of them: it is there from the start, and does nothing as long as nothing is covered.

let cover: HTMLElement | null = null;

function keepKey(event: KeyboardEvent): void {
  if (cover === null) return;
  event.stopImmediatePropagation();
  // Typing and sending are what the browser does by itself; elsewhere it does nothing.
  if (!(event.target instanceof Node && cover.contains(event.target))) event.preventDefault();
}

for (const name of ['keydown', 'keyup'] as const) window.addEventListener(name, keepKey, true);

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
  cover = shown;
  return () => {
    cover = null;
    observer.disconnect();
    for (const [element, { inert, visibility }] of hidden) {
      element.inert = inert;
      element.style.visibility = visibility;
    }
  };
}
