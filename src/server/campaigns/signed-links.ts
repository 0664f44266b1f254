// Links in mails that lead to this server: an open, a click, the way out; and the address a provider calls. Each says whose mail of which campaign it is, and is
// signed, so that nobody makes one up or turns it into another. A click names a link of the campaign by its number and never
// an address: it leads where the campaign leads, and nowhere else.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import { LINK_PURPOSE, readServerSecret } from '#server/store/server-secret.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** `report`: where a provider calls; its name stands in the place of the campaign. */
export type LinkKind = 'open' | 'click' | 'leave' | 'report';

export interface MailLink {
  readonly kind: LinkKind;
  readonly tenantId: TenantId;
  readonly campaignId: string;
  /** Of the recipient; 0: a test mail, of which nothing is counted. */
  readonly no: number;
  /** Of a click. */
  readonly link: number;
}

const letters: Readonly<Record<LinkKind, string>> = { open: 'o', click: 'c', leave: 'u', report: 'p' };
const SIGNATURE_BYTES = 16;

export interface LinkSigner {
  /** Path on this server, from its root. */
  pathOf(link: MailLink): string;
  /** What a mail is marked with, so that whoever tells of it shows that it was there. */
  markOf(tenantId: TenantId, campaignId: string, no: number): string;
  /** Null: not of this server, or changed. */
  read(kind: LinkKind, token: string): MailLink | null;
}

export async function createLinkSigner(database: SqlDatabase): Promise<LinkSigner> {
  const secret = await database.transaction((session) => readServerSecret(session, LINK_PURPOSE));
  const sign = (text: string): Buffer =>
    createHmac('sha256', secret).update(text).digest().subarray(0, SIGNATURE_BYTES);
  return {
    markOf: (tenantId, campaignId, no) => sign(['r', tenantId, campaignId, String(no)].join(' ')).toString('base64url'),
    pathOf({ kind, tenantId, campaignId, no, link }) {
      const text = [letters[kind], tenantId, campaignId, String(no), String(link)].join(' ');
      return `/m/${letters[kind]}/${Buffer.from(text).toString('base64url')}.${sign(text).toString('base64url')}`;
    },
    read(kind, token) {
      const [content = '', signature = ''] = token.split('.');
      const text = Buffer.from(content, 'base64url').toString('utf8');
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== SIGNATURE_BYTES || !timingSafeEqual(given, sign(text))) return null;
      const [letter, tenantId = '', campaignId = '', no, link] = text.split(' ');
      if (letter !== letters[kind]) return null;
      return { kind, tenantId: tenantId as TenantId, campaignId, no: Number(no), link: Number(link) };
    },
  };
}
