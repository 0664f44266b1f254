// What the page of a forgotten password does in the browser: takes the code out of the address at once and sends it with the
// new password to the server it came from. It is sent as its own source, so it uses nothing from outside of itself.

interface Refusal {
  readonly error?: {
    readonly code?: string;
    readonly details?: { readonly problems?: readonly string[]; readonly leastLength?: number };
  };
}

function runResetPage(): void {
  const find = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`The page has no ${id}.`);
    return found;
  };
  const input = (id: string): HTMLInputElement => find(id) as HTMLInputElement;
  const link = new URLSearchParams(location.hash.slice(1));
  const code = link.get('code') ?? '';
  history.replaceState(null, '', location.pathname);
  find('incomplete').hidden = code !== '';
  find('choose').hidden = code === '';
  for (const place of document.querySelectorAll('[data-email]')) place.textContent = link.get('email') ?? '';

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

  async function save(): Promise<void> {
    const [first, second] = [input('first'), input('second')];
    const isShort = first.value.length < Number(find('texts').getAttribute('data-least'));
    const isDifferent = !isShort && first.value !== second.value;
    mark(first, isShort);
    mark(second, isDifferent);
    if (isShort || isDifferent) return say(texts[isShort ? 'short' : 'different'] ?? '');
    const button = find('save') as HTMLButtonElement;
    button.disabled = true;
    say('');
    try {
      const answer = await fetch('/api/v1/auth/reset/complete', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, newPassword: first.value }),
      });
      if (!answer.ok) return say(textOfRefusal((await answer.json()) as Refusal));
      find('choose').hidden = true;
      find('done').hidden = false;
      find('good').focus();
    } catch {
      // No network, or a proxy that answers with something else: there is nothing more to know here.
      say(texts['network'] ?? '');
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

export const resetScript = `(${runResetPage.toString()})();\n`;
