/** For the `ref` of a form that arrives after its dialog has opened: the field marked as first gets the focus. */
export function focusFirst(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
}
