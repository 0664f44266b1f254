// Ctrl+Z takes back what was done; Ctrl+Shift+Z and Ctrl+Y do it again.

const textTypes = /^(?:date|datetime-local|email|month|number|password|search|tel|text|time|url|week)$/;

/** There Ctrl+Z takes back what was typed. */
function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return textTypes.test(target.type) && !target.readOnly;
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** What a key asks for; null: nothing of this, or it belongs to somebody else. */
export function undoKey(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.repeat || event.defaultPrevented) return null;
  const key = event.key.toLowerCase();
  const isRedo = (key === 'z' && event.shiftKey) || (key === 'y' && !event.shiftKey);
  if (!isRedo && key !== 'z') return null;
  if (isText(event.target) || document.querySelector('[aria-modal="true"]') !== null) return null;
  return isRedo ? 'redo' : 'undo';
}
