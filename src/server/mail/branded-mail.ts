// Mails in the look of an organization: its logo and its name above what is said, links in its accent. A mail that was text gets a
// page of the same words beside it; one of an organization that looks as usual stays what it was. The logo travels inside: nothing is
// fetched when a mail is read, so nobody learns that it was.
import { lookOfAccent } from '#shared/brand/accent.ts';
import { USUAL_BAR } from '#shared/brand/brand-of-file.ts';
import { brandOf, isBranded, type Brand } from '#shared/brand/brand.ts';
import { readLogo } from '#shared/brand/check-logo.ts';
import { ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { escapeHtml } from '#shared/mail/render-template.ts';
import type { Mail, Mailer } from '#server/mail/mailer.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

/** Of links in the layouts of mails. */
const USUAL_LINK = '#394bb0';

export async function readBrand(database: SqlDatabase, tenantId: TenantId): Promise<Brand> {
  const found = await database.inTenant(tenantId, (session) =>
    findRecord(session, tenantId, 'organization', ORGANIZATION_ID),
  );
  return brandOf(found?.record);
}

/** Lines as they are; a line that is an address, and nothing else, is a link. */
function pageOf(text: string): string {
  const lines = text.split('\n').map((line) => {
    const safe = escapeHtml(line);
    return /^https?:\/\/\S+$/.test(line) ? `<a href="${safe}" style="color:${USUAL_LINK}">${safe}</a>` : safe;
  });
  return `<!doctype html><html><head><meta charset="utf-8" /></head><body style="margin:0;padding:0 16px 32px;background:#f6f7f9;font-family:'Segoe UI',Helvetica,Arial,sans-serif"><table role="presentation" width="560" align="center" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%;background:#ffffff;border:1px solid #e2e5eb;border-radius:10px;padding:24px 32px"><tr><td style="font-size:14px;line-height:1.5;color:#1a1d24;overflow-wrap:anywhere">${lines.join('<br />')}</td></tr></table></body></html>`;
}

function headOf({ name, accent }: Brand, hasLogo: boolean): string {
  const logo = hasLogo
    ? `<td style="padding-right:12px"><img src="cid:logo" alt="" height="32" style="display:block;height:32px;max-width:160px" /></td>`
    : '';
  const bar = accent === null ? USUAL_BAR : lookOfAccent(accent).fill;
  return `<table role="presentation" width="560" align="center" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%"><tr><td style="padding:24px 0 12px;border-bottom:3px solid ${bar}"><table role="presentation" cellpadding="0" cellspacing="0"><tr>${logo}<td style="font-family:'Segoe UI',Helvetica,Arial,sans-serif;font-size:15px;font-weight:600;color:#1a1d24">${escapeHtml(name ?? '')}</td></tr></table></td></tr><tr><td height="16"></td></tr></table>`;
}

/** The same mail, looking as the organization does. */
export function dress(mail: Mail, brand: Brand): Mail {
  if (!isBranded(brand)) return mail;
  const logo = readLogo(brand.logo);
  const link = brand.accent === null ? USUAL_LINK : lookOfAccent(brand.accent).light.text;
  const page = (mail.html ?? pageOf(mail.text)).replaceAll(USUAL_LINK, link);
  const body = /<body[^>]*>/.exec(page);
  if (body === null) return mail;
  const at = body.index + body[0].length;
  const html = `${page.slice(0, at)}${headOf(brand, logo !== null)}${page.slice(at)}`;
  return { ...mail, html, ...(logo === null ? {} : { logo }) };
}

/** Sends it in the look of the organization; `commit` as in `Mailer`. @throws MailError */
export async function sendBranded(
  database: SqlDatabase,
  tenantId: TenantId,
  mailer: Pick<Mailer, 'send'>,
  mail: Mail,
  commit?: () => Promise<void>,
): Promise<void> {
  await mailer.send(dress(mail, await readBrand(database, tenantId)), commit);
}
