// Where the focus goes when a dialog, a menu or a popover is taken away with the focus in it: back to what it was opened from.
// Mantine does so for what is closed, not for what is removed while it stands open, as most of our dialogs are.

interface Layer {
  readonly element: Element;
  /** What had the focus before. */
  opener: Element | null;
}

const layerSelector = '[role="dialog"], [role="alertdialog"], [role="menu"]';

/** Watches the document of this window until the returned function is called. */
export function returnFocusFromLayers(): () => void {
  const layers: Layer[] = [];
  let last: Element | null = null;
  const observer = new MutationObserver(() => {
    for (let at = layers.length - 1; at >= 0; at -= 1) {
      const layer = layers[at];
      if (layer === undefined || layer.element.isConnected) continue;
      layers.splice(at, 1);
      // A dialog opened from a menu leads back to where the menu was opened.
      for (const above of layers.slice(at)) if (layer.element.contains(above.opener)) above.opener = layer.opener;
      if (at === layers.length) giveBack(layer.opener);
    }
    if (layers.length === 0) observer.disconnect();
  });

  const onFocus = (event: FocusEvent): void => {
    if (!(event.target instanceof Element)) return;
    const element = event.target.closest(layerSelector);
    if (element !== null && layers.every((layer) => layer.element !== element)) {
      layers.push({ element, opener: event.relatedTarget instanceof Element ? event.relatedTarget : last });
      observer.observe(document.body, { childList: true, subtree: true });
    }
    last = event.target;
  };
  document.addEventListener('focusin', onFocus);
  return () => {
    document.removeEventListener('focusin', onFocus);
    observer.disconnect();
  };
}

/** Later, so that the key that closed the layer does not press its opener, and only if the focus went nowhere else. */
function giveBack(opener: Element | null): void {
  setTimeout(() => {
    if (document.activeElement !== document.body || !(opener instanceof HTMLElement)) return;
    opener.focus({ preventScroll: true });
  });
}
