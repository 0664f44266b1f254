// What the page of a passkey does in the browser: asks this server what to ask the authenticator, asks it, and hands the answer
// back. It is sent as its own source, so it uses nothing from outside of itself.

interface PageQuestion {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

function runPasskeyPage(): void {
  const find = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (found === null) throw new Error(`The page has no ${id}.`);
    return found;
  };
  const texts = JSON.parse(find('texts').getAttribute('data-texts') ?? '{}') as Readonly<Record<string, string>>;
  const ticket = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  const say = (key: string): void => {
    find('problem').textContent = texts[key] ?? '';
  };

  const toBytes = (text: unknown): Uint8Array<ArrayBuffer> => {
    const binary = atob(String(text).replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  };
  const toText = (bytes: ArrayBuffer | null): string =>
    btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
  interface Named {
    readonly id: string;
    readonly type: 'public-key';
    readonly transports?: AuthenticatorTransport[];
  }
  const toDescriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
    ((list ?? []) as readonly Named[]).map((one) => ({ ...one, type: 'public-key', id: toBytes(one.id) }));

  async function post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const told: unknown = await answer.json();
    if (answer.ok) return told;
    const { error } = told as { readonly error?: { readonly code?: string } };
    throw new Error(error?.code === 'link_over' ? 'over' : 'refused');
  }

  async function make(options: Readonly<Record<string, unknown>>): Promise<object> {
    const user = options['user'] as { readonly id: string; readonly name: string; readonly displayName: string };
    const made = (await navigator.credentials.create({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialCreationOptions),
        challenge: toBytes(options['challenge']),
        user: { ...user, id: toBytes(user.id) },
        excludeCredentials: toDescriptors(options['excludeCredentials']),
      },
    })) as PublicKeyCredential;
    const response = made.response as AuthenticatorAttestationResponse;
    return {
      id: made.id,
      rawId: toText(made.rawId),
      type: made.type,
      clientExtensionResults: made.getClientExtensionResults(),
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        attestationObject: toText(response.attestationObject),
        transports: response.getTransports(),
      },
    };
  }

  async function use(options: Readonly<Record<string, unknown>>): Promise<object> {
    const used = (await navigator.credentials.get({
      publicKey: {
        ...(options as unknown as PublicKeyCredentialRequestOptions),
        challenge: toBytes(options['challenge']),
        allowCredentials: toDescriptors(options['allowCredentials']),
      },
    })) as PublicKeyCredential;
    const response = used.response as AuthenticatorAssertionResponse;
    return {
      id: used.id,
      rawId: toText(used.rawId),
      type: used.type,
      clientExtensionResults: used.getClientExtensionResults(),
      response: {
        clientDataJSON: toText(response.clientDataJSON),
        authenticatorData: toText(response.authenticatorData),
        signature: toText(response.signature),
        ...(response.userHandle === null ? {} : { userHandle: toText(response.userHandle) }),
      },
    };
  }

  async function run({ kind, options }: PageQuestion): Promise<void> {
    const button = find('go') as HTMLButtonElement;
    button.disabled = true;
    say('');
    let credential: object;
    try {
      credential = kind === 'make' ? await make(options) : await use(options);
    } catch {
      // The person closed the question of the browser, or has no passkey here; it does not say which.
      button.disabled = false;
      return say('cancelled');
    }
    try {
      const name = (find('name') as HTMLInputElement).value.trim();
      const done = (await post('/api/v1/auth/passkey/finish', { ticket, credential, name })) as {
        readonly redirect: string;
      };
      location.replace(done.redirect);
    } catch (error) {
      button.disabled = false;
      say(error instanceof Error && error.message in texts ? error.message : 'network');
    }
  }

  async function begin(): Promise<void> {
    if (ticket === 'done') {
      find('done').hidden = false;
      return;
    }
    if (!('credentials' in navigator) || typeof PublicKeyCredential === 'undefined') return say('unsupported');
    try {
      const question = (await post('/api/v1/auth/passkey/options', { ticket })) as PageQuestion;
      const isNew = question.kind === 'make';
      find('say').textContent = texts[isNew ? 'add' : 'use'] ?? '';
      find('naming').hidden = !isNew;
      find('passkey').hidden = false;
      find(isNew ? 'name' : 'go').focus();
      find('passkey').addEventListener('submit', (event) => {
        event.preventDefault();
        void run(question);
      });
    } catch (error) {
      say(error instanceof Error && error.message in texts ? error.message : 'network');
    }
  }

  void begin();
}

export const passkeyScript = `(${runPasskeyPage.toString()})();\n`;
