// The sender an organization chose, from its settings and the sealed secret. A host somebody named is connected to only as far
// as the way out of the server allows (egress); the mail server of the operator is the operator's word.
import { plainAddress } from '#shared/campaigns/audience.ts';
import type { BounceMailbox } from '#shared/campaigns/bounce-mailbox.ts';
import { noProvider, type ProviderSettings } from '#shared/campaigns/provider-settings.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { CampaignContext } from '#server/campaigns/campaign-context.ts';
import { createHttpSender, type ProviderApi } from '#server/campaigns/providers/http-sender.ts';
import type { MailSender } from '#server/campaigns/providers/mail-sender.ts';
import { mailgunApi, sendGridApi, sesApi } from '#server/campaigns/providers/provider-apis.ts';
import { createSmtpSender } from '#server/campaigns/providers/smtp-sender.ts';
import type { MailAddress } from '#server/campaigns/write-mail.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

const contextOf = (tenantId: TenantId): string => `mail-provider ${tenantId}`;

export interface KeptProvider {
  readonly settings: ProviderSettings;
  readonly secret: string | null;
}

export async function readProvider(session: SqlSession, tenantId: TenantId): Promise<KeptProvider> {
  const [row] = await session.query<{ settings: ProviderSettings; secret: Uint8Array | null }>(
    'SELECT settings, secret FROM mail_provider WHERE tenant = $1',
    [tenantId],
  );
  if (row === undefined) return { settings: noProvider, secret: null };
  const secret = row.secret === null ? null : await openSecret(session, contextOf(tenantId), row.secret);
  return { settings: { ...noProvider, ...row.settings }, secret: secret?.toString('utf8') ?? null };
}

/** `secret` undefined: the kept one stays. Another provider or host never gets the secret of the one before. */
export async function keepProvider(
  session: SqlSession,
  tenantId: TenantId,
  settings: ProviderSettings,
  secret: string | undefined,
  by: { readonly userId: string; readonly nowMs: number },
): Promise<void> {
  const before = await readProvider(session, tenantId);
  const isSamePlace =
    before.settings.kind === settings.kind &&
    before.settings.host === settings.host &&
    before.settings.endpoint === settings.endpoint;
  const kept = secret ?? (isSamePlace ? before.secret : null);
  const sealed =
    kept === null || kept === '' ? null : await sealSecret(session, contextOf(tenantId), Buffer.from(kept));
  await session.query(
    `INSERT INTO mail_provider (tenant, settings, secret, updated_at, updated_by) VALUES ($1, $2::json, $3, $4, $5)
     ON CONFLICT (tenant) DO UPDATE SET settings = excluded.settings, secret = excluded.secret, updated_at = excluded.updated_at,
       updated_by = excluded.updated_by`,
    [tenantId, JSON.stringify(settings), sealed, by.nowMs, by.userId],
  );
}

/** Where mail of campaigns comes back to; null: to whoever it comes from. */
async function returnAddressOf(session: SqlSession, tenantId: TenantId): Promise<string | null> {
  const [row] = await session.query<{ settings: BounceMailbox }>(
    'SELECT settings FROM bounce_mailbox WHERE tenant = $1',
    [tenantId],
  );
  return row?.settings.isOn === true ? plainAddress(row.settings.address) : null;
}

const notSetUp = () =>
  new OutpostError('mail_not_set_up', 'Nobody set up how campaigns are sent. An administrator can, in the settings.');

/** Name and address of what an operator wrote. */
export function addressOf(from: string): MailAddress {
  const [, name = '', address = ''] = /^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/.exec(from) ?? ['', '', from.trim()];
  return { name: name.trim(), address };
}

/**
 * The address of the mail server an organization named. Without encryption a password and every mail would be read on the way:
 * that is for servers the operator allowed, as with http. @throws OutpostError `address_forbidden`
 */
export async function reachMailServer(
  egress: Egress,
  { host, port, security }: Pick<ProviderSettings, 'host' | 'port' | 'security'>,
): Promise<string> {
  const { address, isAllowed } = await egress.check(host, port);
  if (security === 'none' && !isAllowed)
    throw new OutpostError('address_forbidden', 'Without encryption mail goes only to servers the operator allowed.', {
      host,
    });
  return address;
}

export interface OpenedSender {
  readonly sender: MailSender;
  readonly from: MailAddress;
}

/** @throws OutpostError `mail_not_set_up` */
export async function openSender(context: CampaignContext, tenantId: TenantId): Promise<OpenedSender> {
  const { settings, secret, returnTo } = await context.database.inTenant(tenantId, async (session) => ({
    ...(await readProvider(session, tenantId)),
    returnTo: await returnAddressOf(session, tenantId),
  }));
  const own = { name: settings.fromName, address: settings.fromAddress };
  if (settings.kind === 'server') {
    if (context.mail === null) throw notSetUp();
    const { host, port, security, user, password } = context.mail;
    const operators = addressOf(context.mail.from);
    return {
      sender: createSmtpSender({
        host,
        port,
        security,
        user,
        password,
        returnTo,
        resolve: () => Promise.resolve(host),
      }),
      from: { name: own.name === '' ? operators.name : own.name, address: operators.address },
    };
  }
  if (own.address === '') throw notSetUp();
  if (settings.kind === 'smtp') {
    const { host, port, security, user } = settings;
    const resolve = () => reachMailServer(context.egress, settings);
    const place = { host, port, security, user: user === '' ? null : user, password: secret, returnTo, resolve };
    return { sender: createSmtpSender(place), from: own };
  }
  return { sender: createHttpSender(apiOf(context, settings, secret ?? ''), context.egress), from: own };
}

function apiOf({ clock }: CampaignContext, settings: ProviderSettings, secret: string): ProviderApi {
  const endpoint = settings.endpoint === '' ? undefined : settings.endpoint.replace(/\/+$/, '');
  if (settings.kind === 'sendgrid') return sendGridApi(secret, endpoint);
  if (settings.kind === 'mailgun') return mailgunApi(secret, settings.domain, endpoint);
  const key = { region: settings.domain, accessKeyId: settings.user, secretAccessKey: secret };
  return sesApi(key, () => clock.now(), endpoint);
}
