// What the APIs of providers have in common: a request for each mail through the one way out of the server, and what its answer
// means. An answer of the provider is certain, whatever it says; a connection that could not be made is, too; anything else
// is not known.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { OutgoingMail } from '#server/campaigns/write-mail.ts';
import { shortDetail, type Handed, type MailSender } from '#server/campaigns/providers/mail-sender.ts';

export interface ProviderRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ProviderApi {
  readonly send: (mail: OutgoingMail) => ProviderRequest;
  /** Something that only an account answers. */
  readonly probe: () => ProviderRequest;
}

const REQUESTS_AT_ONCE = 8;
/** Codes of connections that were never there. */
const notConnected: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

export function createHttpSender(api: ProviderApi, egress: Egress): MailSender {
  const ask = ({ url, ...request }: ProviderRequest): Promise<Response> => egress.fetch(url, request);
  return {
    atOnce: REQUESTS_AT_ONCE,
    async hand(mail, commit) {
      const request = api.send(mail);
      await commit();
      try {
        return await judgeAnswer(await ask({ method: 'POST', ...request }));
      } catch (error) {
        return judgeFailure(error);
      }
    },
    async check() {
      let answer: Response;
      try {
        answer = await ask(api.probe());
      } catch (error) {
        if (error instanceof OutpostError && error.code === 'address_forbidden') throw error;
        throw new OutpostError('mail_failed', 'The provider could not be reached.', { failure: 'unreachable' });
      }
      if (answer.ok) return;
      const detail = shortDetail(await answer.text());
      throw new OutpostError('mail_failed', detail === '' ? 'The provider refuses the key.' : detail, {
        failure: answer.status === 401 || answer.status === 403 ? 'key' : 'refused',
      });
    },
    close: () => Promise.resolve(),
  };
}

async function judgeAnswer(answer: Response): Promise<Handed> {
  if (answer.ok) return { outcome: 'sent' };
  const detail = shortDetail(`${String(answer.status)} ${await answer.text()}`);
  const { status } = answer;
  if (status === 429 || status === 408 || status >= 500)
    return { outcome: 'later', detail, afterMs: retryAfterMs(answer.headers), isOurs: true };
  // A key that is not let in, an account without credit, a sender that is not confirmed: ours, and the next one fares alike.
  if (status === 401 || status === 402 || status === 403 || status === 404)
    return { outcome: 'later', detail, afterMs: null, isOurs: true };
  return { outcome: 'refused', detail, isAddress: false };
}

function judgeFailure(error: unknown): Handed {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const detail = shortDetail(typeof message === 'string' ? message : 'The provider could not be reached.');
  const isCertain = error instanceof OutpostError ? code === 'address_forbidden' : notConnected.includes(code);
  return isCertain ? { outcome: 'later', detail, afterMs: null, isOurs: true } : { outcome: 'unknown', detail };
}

const MOST_WAIT_MS = 6 * 3_600_000;

/** `Retry-After` in seconds or as a date. */
export function retryAfterMs(headers: Headers, nowMs = Date.now()): number | null {
  const said = headers.get('retry-after');
  if (said === null) return null;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - nowMs;
  return Number.isFinite(ms) ? Math.min(MOST_WAIT_MS, Math.max(0, ms)) : null;
}
