// What the pages do on which somebody chooses an own password (after an invitation, or because it was forgotten): they take the
// code out of the address at once and send it with the new password to the server they came from. It is sent as its own
// source, so it uses nothing from outside of itself.

interface Refusal {
  readonly error?: {
    readonly code?: string;
    readonly details?: { readonly problems?: readonly string[]; readonly leastLength?: number };
  };
}

function runPage(): void {
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
  const { path = '', check = '', least = '' } = find('texts').dataset;
  const isOfAddress = find('texts').dataset['sends'] === 'email';
  const isComplete = code !== '' && (email !== '' || !isOfAddress);
  find('incomplete').hidden = isComplete;
  find('choose').hidden = !isComplete;
  if (isComplete) input('first').focus();
  for (const place of document.querySelectorAll('[data-email]')) place.textContent = email;
  for (const place of document.querySelectorAll('[data-server]')) place.textContent = location.origin;

  // The same link for the application, with and without the code.
  const appLink = new URL('outpost://join');
  appLink.searchParams.set('server', location.origin);
  appLink.searchParams.set('email', email);
  document.getElementById('open-app')?.setAttribute('href', appLink.href);
  appLink.searchParams.set('code', code);
  document.getElementById('in-app')?.setAttribute('href', appLink.href);

  const texts = JSON.parse(find('texts').getAttribute('data-texts') ?? '{}') as Readonly<Record<string, string>>;
  const say = (text: string): void => {
    find('problem').textContent = text;
  };
  const mark = (field: HTMLInputElement, isWrong: boolean): void => {
    field.setAttribute('aria-invalid', String(isWrong));
    if (isWrong) field.focus();
  };
  const textOfRefusal = ({ error }: Refusal): string => {
    const problem = error?.details?.problems?.[0]?.split(':')[1] ?? '';
    const text = texts[problem] ?? texts[error?.code ?? ''] ?? texts['other'] ?? '';
    return text.replace('{{leastLength}}', String(error?.details?.leastLength ?? ''));
  };

  const send = (to: string, body: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  const overCodes = ['link_over', 'wrong_credentials', 'one_time_expired'];

  /** Nobody types a password for a link that is over. */
  async function checkLink(): Promise<void> {
    try {
      const answer = await send(check, isOfAddress ? { email, code } : { code });
      if (answer.ok) return;
      const refusal = (await answer.json()) as Refusal;
      if (!overCodes.includes(refusal.error?.code ?? '')) return;
      find('over').textContent = textOfRefusal(refusal);
      find('over').hidden = false;
      find('choose').hidden = true;
    } catch {
      // Whatever keeps it from being known now is told when the password is sent.
    }
  }

  async function save(): Promise<void> {
    const [first, second] = [input('first'), input('second')];
    const isShort = first.value.length < Number(least);
    const isDifferent = !isShort && first.value !== second.value;
    mark(first, isShort);
    mark(second, isDifferent);
    if (isShort || isDifferent) return say(texts[isShort ? 'short' : 'different'] ?? '');
    const button = find('save') as HTMLButtonElement;
    button.disabled = true;
    say('');
    try {
      const answer = await send(path, { ...(isOfAddress ? { email } : {}), code, newPassword: first.value });
      if (!answer.ok) {
        const refusal = (await answer.json()) as Refusal;
        mark(first, refusal.error?.details?.problems !== undefined);
        return say(textOfRefusal(refusal));
      }
      find('choose').hidden = true;
      find('done').hidden = false;
      (document.getElementById('open-app') ?? find('good')).focus();
    } catch {
      // No network, or a proxy that answers with something else: there is nothing more to know here.
      say(texts['network'] ?? '');
    } finally {
      button.disabled = false;
    }
  }

  if (isComplete) void checkLink();
  (find('choose') as HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void save();
  });
  find('show').addEventListener('change', () => {
    for (const id of ['first', 'second']) input(id).type = input('show').checked ? 'text' : 'password';
  });
}

export const choosePasswordScript = `(${runPage.toString()})();\n`;
