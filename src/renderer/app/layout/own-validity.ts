// What the browser says beside a field that is not filled in: in the language of the screens, not in that of the system.
import i18next from 'i18next';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

function isField(target: EventTarget | null): target is Field {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}

function problemOf(field: Field): string | null {
  const { validity } = field;
  if (validity.valueMissing) return i18next.t('problems.required');
  if (validity.tooShort && 'minLength' in field)
    return i18next.t('problems.tooShort', { leastLength: field.minLength });
  if (validity.typeMismatch && field.type === 'email') return i18next.t('problems.email');
  if (validity.typeMismatch && field.type === 'url') return i18next.t('problems.url');
  if (validity.badInput && field.type === 'number') return i18next.t('problems.number');
  if (validity.rangeOverflow || validity.rangeUnderflow) return i18next.t('problems.range');
  return null;
}

/** Watches the forms of this window until the returned function is called. */
export function sayOwnValidity(): () => void {
  const marked = new Set<Field>();
  const onInvalid = (event: Event): void => {
    const { target } = event;
    const problem = isField(target) ? problemOf(target) : null;
    if (!isField(target) || problem === null) return;
    target.setCustomValidity(problem);
    marked.add(target);
  };
  // A field with a text of our own stays invalid until that is taken back, so it goes with whatever is done next; a click of a
  // screen reader is a click alone.
  const forget = (): void => {
    for (const field of marked) field.setCustomValidity('');
    marked.clear();
  };
  const ends = ['keydown', 'click', 'input', 'change'] as const;
  window.addEventListener('invalid', onInvalid, true);
  for (const end of ends) window.addEventListener(end, forget, true);
  return () => {
    forget();
    window.removeEventListener('invalid', onInvalid, true);
    for (const end of ends) window.removeEventListener(end, forget, true);
  };
}
