// The mailbox campaigns come back to: what an administrator said about it, and the job that reads it every few minutes. Each
// look sends the next one; looks of one organization follow each other by their turn, as jobs of a campaign do.
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import {
  noBounceMailbox,
  type BounceMailbox,
  type BounceMailboxState,
  type MailboxTrouble,
} from '#shared/campaigns/bounce-mailbox.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { CampaignContext } from '#server/campaigns/campaign-context.ts';
import { reachMailServer } from '#server/campaigns/open-sender.ts';
import { readReturned, toMailboxTrouble, type Look } from '#server/campaigns/returned-mail.ts';
import type { CampaignWork } from '#server/campaigns/campaign-work.ts';
import type { MailTracking } from '#server/campaigns/track-mail.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

const EVERY_MS = 3 * 60_000;
/** After a look that failed: a server that locks accounts is not pressed. */
const AFTER_TROUBLE_MS = 15 * 60_000;

const contextOf = (tenantId: TenantId): string => `bounce-mailbox ${tenantId}`;

interface Kept {
  readonly settings: BounceMailbox;
  readonly secret: Uint8Array | null;
  readonly turn: number;
  readonly uidValidity: string | null;
  readonly lastUid: number;
  readonly checkedAt: number | null;
  readonly trouble: MailboxTrouble | null;
  readonly detail: string | null;
  readonly taken: number;
  readonly unsigned: number;
  readonly takenAt: number | null;
}

async function readKept(session: SqlSession, tenantId: TenantId): Promise<Kept | null> {
  const rows = await session.query<Kept>(
    `SELECT settings, secret, turn, uid_validity AS "uidValidity", last_uid::float8 AS "lastUid", checked_at::float8 AS "checkedAt",
       trouble, detail, taken, unsigned, taken_at::float8 AS "takenAt" FROM bounce_mailbox WHERE tenant = $1`,
    [tenantId],
  );
  return rows[0] ?? null;
}

function stateOf(kept: Kept | null): BounceMailboxState {
  return {
    settings: { ...noBounceMailbox, ...kept?.settings },
    hasSecret: kept !== null && kept.secret !== null,
    checkedAt: kept?.checkedAt ?? null,
    trouble: kept?.trouble ?? null,
    detail: kept?.detail ?? null,
    taken: kept?.taken ?? 0,
    unsigned: kept?.unsigned ?? 0,
    takenAt: kept?.takenAt ?? null,
  };
}

interface LookJob {
  readonly tenantId: TenantId;
  readonly turn: number;
}

export interface BounceReader {
  readonly kind: JobKind<never>;
  readonly work: Pick<CampaignWork, 'readBounceMailbox' | 'saveBounceMailbox' | 'checkBounceMailbox'>;
  /** Reads it as soon as may be, where one is named. */
  begin(tenantId: TenantId): Promise<void>;
}

export function createBounceReader(
  context: CampaignContext,
  tracking: MailTracking,
  engine: Pick<JobEngine, 'send'>,
): BounceReader {
  const { database, clock, egress } = context;
  const tenantOf = ({ actor }: Principal): TenantId => actor.tenantId as TenantId;
  const keptOf = (tenantId: TenantId) => database.inTenant(tenantId, (session) => readKept(session, tenantId));

  async function next(tenantId: TenantId, waitMs: number): Promise<void> {
    const kept = await database.inTenant(tenantId, async (session) => {
      await session.query('UPDATE bounce_mailbox SET turn = turn + 1 WHERE tenant = $1', [tenantId]);
      return readKept(session, tenantId);
    });
    if (kept?.settings.isOn !== true) return;
    const id = stableId('campaign-bounces', tenantId, String(kept.turn));
    // The engine has the clock of the computer.
    const startAfter = waitMs <= 0 ? undefined : new Date(Date.now() + waitMs);
    await engine.send(kind, id, { tenantId, turn: kept.turn }, startAfter);
  }

  /** Reads it once and keeps what came of it. */
  async function look(tenantId: TenantId, kept: Kept, signal: AbortSignal): Promise<Look | null> {
    const { host, port, security, user } = kept.settings;
    const password = await database.inTenant(tenantId, async (session) =>
      kept.secret === null ? '' : (await openSecret(session, contextOf(tenantId), kept.secret)).toString('utf8'),
    );
    let done: Look | null = null;
    let failed: ReturnType<typeof toMailboxTrouble> | null = null;
    try {
      done = await readReturned(
        { host, port, security, user, password },
        egress,
        kept,
        async (reports) => {
          let isOurs = false;
          for (const report of reports) if (await tracking.returned(tenantId, report)) isOurs = true;
          return isOurs;
        },
        signal,
      );
    } catch (error) {
      failed = toMailboxTrouble(error);
    }
    await database.inTenant(tenantId, (session) =>
      session.query(
        `UPDATE bounce_mailbox SET checked_at = $2::bigint, trouble = $3, detail = $4, uid_validity = coalesce($5, uid_validity),
           last_uid = coalesce($6::bigint, last_uid), taken = taken + $7::int, unsigned = unsigned + $10::int, taken_at = CASE WHEN $7::int > 0 THEN $2::bigint ELSE taken_at END
         WHERE tenant = $1 AND settings->>'host' = $8 AND settings->>'user' = $9 AND secret IS NOT DISTINCT FROM $11::bytea`,
        [
          tenantId,
          clock.now(),
          failed?.trouble ?? null,
          failed?.detail ?? null,
          done?.uidValidity ?? null,
          done?.lastUid ?? null,
          done?.taken ?? 0,
          host,
          user,
          done?.unsigned ?? 0,
          // What was found with another password says nothing of this one.
          kept.secret,
        ],
      ),
    );
    return done;
  }

  const kind: JobKind<LookJob> = {
    // EML-09 names this queue for it.
    queue: 'emails',
    name: 'campaign-bounces',
    // Beside the two campaigns that may be going out.
    atOnce: 3,
    mostSeconds: 600,
    async work({ tenantId, turn }, signal) {
      const kept = await keptOf(tenantId);
      if (kept?.turn !== turn || !kept.settings.isOn) return;
      const done = await look(tenantId, kept, signal);
      return next(tenantId, done === null ? AFTER_TROUBLE_MS : done.hasMore ? 0 : EVERY_MS);
    },
    giveUp: ({ tenantId }) => next(tenantId, AFTER_TROUBLE_MS),
  };

  function assertWhole({ isOn, address, host, port, user }: BounceMailbox): void {
    if (!isOn) return;
    if (!isMailAddress(plainAddress(address)))
      throw new OutpostError('invalid', 'Say which address mail comes back to.', { problems: ['address:email'] });
    for (const [field, isThere] of Object.entries({ host: host.trim() !== '', port: port > 0, user: user !== '' }))
      if (!isThere)
        throw new OutpostError('invalid', 'The mailbox is not whole yet.', { problems: [`${field}:required`] });
  }

  async function keep(tenantId: TenantId, settings: BounceMailbox, secret: string | undefined, by: string) {
    await database.inTenant(tenantId, async (session) => {
      const before = await readKept(session, tenantId);
      const isSamePlace = before?.settings.host === settings.host && before.settings.user === settings.user;
      const sealed =
        secret === undefined || secret === ''
          ? null
          : await sealSecret(session, contextOf(tenantId), Buffer.from(secret));
      // Another host never gets the password of the one before, and another mailbox is read from its start.
      await session.query(
        `INSERT INTO bounce_mailbox (tenant, settings, secret, updated_at, updated_by) VALUES ($1, $2::json, $3, $4, $5)
         ON CONFLICT (tenant) DO UPDATE SET settings = excluded.settings, secret = excluded.secret, updated_at = excluded.updated_at,
           updated_by = excluded.updated_by, trouble = NULL, detail = NULL${
             isSamePlace
               ? ''
               : ', uid_validity = NULL, last_uid = 0, checked_at = NULL, taken = 0, unsigned = 0, taken_at = NULL'
           }`,
        [tenantId, JSON.stringify(settings), sealed ?? (isSamePlace ? before.secret : null), clock.now(), by],
      );
    });
  }

  return {
    kind,
    begin: (tenantId) => next(tenantId, 0),
    work: {
      async readBounceMailbox(_input, principal) {
        return stateOf(await keptOf(tenantOf(principal)));
      },
      async saveBounceMailbox({ settings, secret }, principal) {
        const { actor, deviceId } = principal;
        const tenantId = tenantOf(principal);
        assertWhole(settings);
        if (settings.isOn) await reachMailServer(egress, settings);
        await keep(tenantId, settings, secret, actor.userId);
        await database.inTenant(tenantId, (session) =>
          appendAudit(session, tenantId, clock.now(), [
            {
              actor: actor.userId,
              device: deviceId,
              command: 'bounceMailbox.save',
              entity: 'mailProvider',
              id: 'bounces',
              groups: [],
              outcome: 'applied',
              effect: 'configure',
              isSensitive: true,
            },
          ]),
        );
        await next(tenantId, 0);
        return stateOf(await keptOf(tenantId));
      },
      async checkBounceMailbox(_input, principal) {
        const tenantId = tenantOf(principal);
        const kept = await keptOf(tenantId);
        if (kept?.settings.isOn !== true)
          throw new OutpostError('invalid', 'No mailbox is named.', { problems: ['address:required'] });
        const done = await look(tenantId, kept, AbortSignal.timeout(30_000));
        await next(tenantId, done === null ? AFTER_TROUBLE_MS : done.hasMore ? 0 : EVERY_MS);
        return stateOf(await keptOf(tenantId));
      },
    },
  };
}
