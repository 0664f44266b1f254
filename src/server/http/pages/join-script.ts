// What the page of an invitation does in the browser: reads the link behind the `#`, takes it out of the address at once,
// and sends it with the chosen password to the server it came from. It is sent as its own source, so it uses nothing from
// outside of itself.

function runJoinPage(): void {
  const find = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`The page has no ${id}.`);
    return found;
  };
  const input = (id: string): HTMLInputElement => find(id) as HTMLInputElement;
  const link = new URLSearchParams(location.hash.slice(1));
  const email = link.get('email') ?? '';
  const code = link.get('code') ?? '';
  history.replaceState(null, '', location.pathname);

  const appLink = new URL('outpost://join');
  appLink.searchParams.set('server', location.origin);
  appLink.searchParams.set('email', email);
  const signInLink = appLink.href;
  appLink.searchParams.set('code', code);
  const isComplete = email !== '' && code !== '';
  find('incomplete').hidden = isComplete;
  find('choose').hidden = !isComplete;
  for (const place of document.querySelectorAll('[data-email]')) place.textContent = email;
  for (const place of document.querySelectorAll('[data-server]')) place.textContent = location.origin;
  find('in-app').setAttribute('href', appLink.href);
  find('open-app').setAttribute('href', signInLink);

  const say = (text: string): void => {
    find('problem').textContent = text;
  };
  const textOf = (key: string): string => find('texts').getAttribute(`data-${key}`) ?? '';
  const mark = (field: HTMLInputElement, isWrong: boolean): void => {
    field.setAttribute('aria-invalid', String(isWrong));
    if (isWrong) field.focus();
  };

  async function save(): Promise<void> {
    const [first, second] = [input('first'), input('second')];
    const isShort = first.value.length < Number(textOf('least'));
    const isDifferent = !isShort && first.value !== second.value;
    mark(first, isShort);
    mark(second, isDifferent);
    if (isShort || isDifferent) return say(textOf(isShort ? 'short' : 'different'));
    const button = find('save') as HTMLButtonElement;
    button.disabled = true;
    say('');
    try {
      const answer = await fetch('/api/v1/auth/accept-invitation', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, code, newPassword: first.value }),
      });
      if (answer.ok) {
        find('choose').hidden = true;
        find('done').hidden = false;
        find('open-app').focus();
        return;
      }
      const refusal = ((await answer.json()) as { readonly error?: { readonly code?: string } }).error?.code ?? '';
      say(textOf(`error-${refusal.replaceAll('_', '-')}`) || textOf('error-other'));
    } catch {
      // No network, or a proxy that answers with something else: there is nothing more to know here.
      say(textOf('error-network'));
    } finally {
      button.disabled = false;
    }
  }

  (find('choose') as HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  find('show').addEventListener('change', () => {
    for (const id of ['first', 'second']) input(id).type = input('show').checked ? 'text' : 'password';
  });
}

export const joinScript = `(${runJoinPage.toString()})();\n`;
