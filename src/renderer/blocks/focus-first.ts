/** For `onSubmit` around a form: what was not taken, the first field that says so gets the focus. */
export function focusFirstProblem(event: { readonly currentTarget: HTMLElement }): void {
  const form = event.currentTarget;
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** For the `ref` of a form that arrives after its dialog has opened: the field marked as first gets the focus. */
export function focusFirst(form: HTMLElement | null): void {
  form?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
}
