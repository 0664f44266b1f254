// Whether a visit says itself that no person made it: it asks for the head alone, announces that it fetches ahead, or comes from
// a program whose maker publishes its name. A scanner that poses as a browser is not found out, and nothing is guessed.
import type { IncomingHttpHeaders } from 'node:http';

/** Names as their makers publish them: previews of messengers and networks, crawlers of search engines. */
const published =
  /\b(?:Slackbot(?:-LinkExpanding)?|Slack-ImgProxy|Twitterbot|facebookexternalhit|meta-externalagent|LinkedInBot|Discordbot|WhatsApp|Googlebot|GoogleOther|bingbot|BingPreview|Applebot)\b/i;

/** `Sec-Purpose` is of the Fetch standard, the others are what browsers sent before it. */
const announcing = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

export function isMachineVisit(visit: { readonly method: string; readonly headers: IncomingHttpHeaders }): boolean {
  const { method, headers } = visit;
  if (method === 'HEAD') return true;
  if (announcing.some((name) => /\b(?:prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')))) return true;
  return published.test(headers['user-agent'] ?? '');
}
