// A browser as far as signing in needs one: keeps cookies by host and port, follows redirects, fills in forms. It stops where
// the application on this computer listens, and says with what it came.
interface Visit {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
}

export class BrowserVisit {
  private readonly cookies = new Map<string, Map<string, string>>();
  private readonly stopAt: string;

  /** `stopAt`: addresses that begin with it are not asked. */
  constructor(stopAt: string) {
    this.stopAt = stopAt;
  }

  async open(address: string, form?: Readonly<Record<string, string>>): Promise<Visit> {
    let [url, body] = [new URL(address), form];
    for (let hop = 0; hop < 20; hop += 1) {
      if (url.href.startsWith(this.stopAt)) return { url, status: 0, text: '' };
      const answer = await this.ask(url, body);
      const location = answer.headers.get('location');
      const text = await answer.text();
      if (location === null || answer.status < 300 || answer.status > 399) return { url, status: answer.status, text };
      [url, body] = [new URL(location, url), undefined];
    }
    throw new Error(`redirected for ever at ${url.href}`);
  }

  /** Sends the first form of a page, with what stands in it already. */
  submit({ url, text }: Visit, values: Readonly<Record<string, string>>): Promise<Visit> {
    const [, action] = /<form[^>]*\baction="([^"]*)"/.exec(text) ?? [];
    if (action === undefined) throw new Error(`no form at ${url.href}: ${text.slice(0, 400)}`);
    const hidden = [...text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ]);
    return this.open(new URL(action, url).href, { ...Object.fromEntries(hidden), ...values });
  }

  private async ask(url: URL, form: Readonly<Record<string, string>> | undefined): Promise<Response> {
    const jar = this.cookies.get(url.host) ?? new Map<string, string>();
    this.cookies.set(url.host, jar);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
}
