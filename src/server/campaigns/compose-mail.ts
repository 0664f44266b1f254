// A mail of a campaign for one recipient: content filled in, links counted, a way out in the header (RFC 8058) and in the text.
// Everything that is the same for all is worked out once.
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import { lookOfAccent } from '#shared/brand/accent.ts';
import { isBranded, type Brand } from '#shared/brand/brand.ts';
import { USUAL_BAR } from '#shared/brand/brand-of-file.ts';
import { mailValuesOf } from '#shared/mail/mail-values.ts';
import { escapeHtml, placesOf, toHeaderLine, type TemplateValues } from '#shared/mail/render-template.ts';
import { htmlOfText, renderMail } from '#shared/mail/template-content.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Published } from '#server/campaigns/campaign-context.ts';
import type { LinkSigner } from '#server/campaigns/signed-links.ts';
import type { MailAddress, OutgoingMail } from '#server/campaigns/write-mail.ts';
import { openTexts, languageOf } from '#server/words/open-texts.ts';

export interface Recipient {
  readonly no: number;
  readonly address: string;
  /** Values as the publisher saw them, by name; `name` is that of the person. */
  readonly given: TemplateValues;
  readonly variant: string | null;
}

export interface Composer {
  compose(recipient: Recipient, nowMs: number): OutgoingMail;
}

export interface ComposeFor {
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly published: Published;
  /** Of the organization: for content that brings no page of its own. */
  readonly brand: Brand;
  /** The user whose campaign it is. */
  readonly sender: AnyRecord;
  readonly from: MailAddress;
  readonly signer: LinkSigner;
  /** Origin of the server; null: nobody can reach it, so nothing is counted and the way out is a mail. */
  readonly origin: string | null;
  /** Numbers of the links that are counted. */
  readonly links: ReadonlyMap<string, number>;
  readonly winner: string | null;
  /** A test mail: nothing of it is counted. */
  readonly isTest?: boolean;
}

const HREF = /(<a\b[^>]{0,1000}?\bhref\s*=\s*)(["'])(https?:\/\/[^"']+)\2/gi;

/** Addresses the content leads to: those that are the same for everybody, each once, in their order. */
export function linksOf(content: Published['content']): readonly string[] {
  const html = content.format === 'html' ? content.body : htmlOfText(content.body);
  const found = [...html.matchAll(HREF)].map(([, , , address = '']) => unescapeHtml(address));
  return [...new Set(found)].filter((address) => placesOf(address).length === 0 && URL.canParse(address));
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Names of values the content asks for. */
export function namesUsedBy({ content, subjectB }: Published): ReadonlySet<string> {
  const texts = [content.subject, content.body, subjectB ?? ''];
  return new Set(texts.flatMap((text) => placesOf(text).map(({ name }) => name)));
}

/** A link without a look of its own. */
const PLAIN_LINK = /<a\b(?![^>]{0,1000}?\bstyle\s*=)/gi;

/**
 * What an organization adds to content that is no whole page: its name above it over a rule in its colour, and links in it. The logo is
 * not sent along with thousands of mails, and nothing is fetched when one is read. A template that is a page looks as it was written.
 */
function pageOf(brand: Brand): { readonly head: string; readonly withLinks: (html: string) => string } {
  if (!isBranded(brand)) return { head: '', withLinks: (html) => html };
  const look = brand.accent === null ? null : lookOfAccent(brand.accent);
  const name = brand.name === null ? '' : escapeHtml(brand.name);
  const bar = look === null ? USUAL_BAR : look.fill;
  return {
    head:
      name === '' && look === null
        ? ''
        : `<div style="padding:0 0 10px;margin:0 0 20px;border-bottom:3px solid ${bar};font-size:15px;font-weight:600">${name}</div>`,
    withLinks: (html) => (look === null ? html : html.replaceAll(PLAIN_LINK, `<a style="color:${look.light.text}"`)),
  };
}

export async function createComposer(options: ComposeFor): Promise<Composer> {
  const { tenantId, campaignId, published, sender, from, signer, origin, links, winner, isTest = false } = options;
  const { content, subjectB, locale, timeZone } = published;
  const page = pageOf(options.brand);
  const t = await openTexts(languageOf(locale));
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const ownAddress = textOf(sender['email'] ?? '');
  const replyTo = ownAddress === '' ? null : { name: textOf(sender['name'] ?? ''), address: ownAddress };
  const hasWayOut = namesUsedBy(published).has('unsubscribe_link');
  const domain = /@([^@>\s]+)$/.exec(from.address)?.[1] ?? 'localhost';
  const urlOf = (kind: 'open' | 'click' | 'leave', no: number, link = 0): string =>
    `${origin ?? ''}${signer.pathOf({ kind, tenantId, campaignId, no, link })}`;
  let sameForAll: { readonly minute: number; readonly values: TemplateValues } | null = null;

  function valuesAt(nowMs: number): TemplateValues {
    const minute = Math.floor(nowMs / 60_000);
    if (sameForAll?.minute !== minute)
      sameForAll = { minute, values: mailValuesOf({ sender }, { now: toInstant(nowMs), timeZone: zone, locale }) };
    return sameForAll.values;
  }

  function countLinks(html: string, no: number): string {
    return html.replaceAll(HREF, (whole, before: string, quote: string, address: string) => {
      const link = links.get(unescapeHtml(address));
      return link === undefined ? whole : `${before}${quote}${urlOf('click', no, link)}${quote}`;
    });
  }

  function withWayOut(text: string, html: string, leave: string): readonly [string, string] {
    if (hasWayOut || leave === '') return [text, html];
    const words = t('campaigns.mail.leave');
    const footer = `<p style="margin-top:32px;font-size:12px;color:#6b7280">${escapeHtml(t('campaigns.mail.footer'))} <a href="${escapeHtml(leave)}" style="color:#6b7280">${escapeHtml(words)}</a></p>`;
    const at = html.search(/<\/body\s*>/i);
    const whole = at === -1 ? `${html}\n${footer}` : html.slice(0, at) + footer + html.slice(at);
    return [`${text}\n\n--\n${t('campaigns.mail.footer')}\n${words}: ${leave}`, whole];
  }

  function asDocument(html: string): string {
    if (/<html\b/i.test(html)) return html;
    return `<!doctype html><html lang="${languageOf(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="margin:0;padding:24px;font:15px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1f2430"><div style="max-width:600px">${page.head}${page.withLinks(html)}</div></body></html>`;
  }

  function withPixel(html: string, no: number): string {
    if (!published.trackOpens || origin === null || isTest) return html;
    const pixel = `<img src="${urlOf('open', no)}" width="1" height="1" alt="" style="display:block;border:0">`;
    const at = html.search(/<\/body\s*>/i);
    return at === -1 ? html + pixel : html.slice(0, at) + pixel + html.slice(at);
  }

  return {
    compose({ no, address, given, variant }, nowMs) {
      const leave = origin === null ? '' : urlOf('leave', no);
      const values = { ...valuesAt(nowMs), ...given, unsubscribe_link: leave };
      const isB = (variant ?? winner) === 'B' && subjectB !== null;
      const mail = renderMail(isB ? { ...content, subject: subjectB } : content, values);
      const counted = published.trackClicks && origin !== null && !isTest ? countLinks(mail.html, no) : mail.html;
      const [text, html] = withWayOut(mail.text, asDocument(counted), leave);
      const name = `${campaignId}.${String(no)}.${isTest ? String(nowMs) : signer.markOf(tenantId, campaignId, no)}`;
      const mailto = `<mailto:${from.address}?subject=unsubscribe>`;
      return {
        no,
        from,
        replyTo,
        to: { name: toHeaderLine(given['name'] ?? ''), address },
        subject: mail.subject,
        text,
        html: withPixel(html, no),
        messageId: `${name}@${domain}`,
        dateMs: nowMs,
        headers: {
          'List-Unsubscribe': leave === '' ? mailto : `<${leave}>`,
          ...(leave === '' ? {} : { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
          'List-Id': `<${campaignId}.${domain}>`,
          // Reports quote it: one without the mark was made up.
          'X-Outpost-Campaign': name,
          Precedence: 'bulk',
        },
      };
    },
  };
}
