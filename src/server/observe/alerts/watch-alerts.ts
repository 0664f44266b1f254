// Looks every minute whether a rule is broken, or not any more. An alert begins once and ends once, however many servers look; whoever a
// rule names is told both times, in the inbox and by mail, as a job. Organizations without a request in between are looked at when something of theirs is
// open; what is of the whole server is looked at for the organization that runs it.
import { randomUUID } from 'node:crypto';
import { alertMetrics, isBroken, rulesInForce, type AlertRule } from '#shared/observe/alert-rules.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Alert } from '#shared/sync/alert-messages.ts';
import type { JobEngine } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { createTelling, type TellJob } from '#server/observe/alerts/tell-recipient.ts';
import { endAlert, noteValue, openAlert, readOpenAlerts, readSavedRules } from '#server/observe/alerts/alert-store.ts';
import { createMeasure } from '#server/observe/alerts/measure.ts';
import { operatingTenant } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const LOOK_MS = 60_000;
const RECENT_MS = 900_000;

export interface AlertWatchOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly engine: JobEngine;
  readonly mailer: WatchedMailer | null;
  readonly directory: string;
  readonly makesBackups: boolean;
  /** What was counted so far stands in the database when it answers. */
  readonly flush: () => Promise<void>;
}

export interface Measured {
  readonly rule: AlertRule;
  readonly value: number | null;
}

export interface AlertWatch {
  begin(): void;
  /** Looks now, at one organization. Answers every rule with what was measured. */
  look(tenantId: TenantId): Promise<readonly Measured[]>;
  /** Looks now, at all that may have something. */
  lookAtAll(): Promise<void>;
  stop(): void;
}

export function createAlertWatch(options: AlertWatchOptions): AlertWatch {
  const { database, clock, log, engine } = options;
  const telling = createTelling(options);
  engine.add(telling);
  let timer: NodeJS.Timeout | undefined;

  async function tell(tenantId: TenantId, alertId: string, rule: AlertRule, isOver: boolean): Promise<void> {
    for (const userId of rule.recipientIds) {
      const job: TellJob = { tenantId, alertId, userId, isOver };
      await engine.send(telling, stableId('alert', tenantId, alertId, userId, String(isOver)), job);
    }
  }

  async function settle(
    tenantId: TenantId,
    measured: readonly Measured[],
    open: readonly (Alert & { readonly ruleId: string })[],
  ): Promise<void> {
    const nowMs = clock.now();
    for (const { rule, value } of measured) {
      const alert = open.find(({ ruleId }) => ruleId === rule.id);
      const broken = rule.isOn && isBroken(rule, value);
      if (broken && value !== null && alert === undefined) {
        const id = randomUUID();
        if (await database.inTenant(tenantId, (session) => openAlert(session, tenantId, id, rule, value, nowMs)))
          await tell(tenantId, id, rule, false);
      } else if (broken && value !== null && alert !== undefined)
        await database.inTenant(tenantId, (session) => noteValue(session, tenantId, alert, value));
      // Nothing to measure is no news: a server without requests has not recovered by that.
      else if (alert !== undefined && (!rule.isOn || value !== null))
        if (await database.inTenant(tenantId, (session) => endAlert(session, tenantId, alert.id, nowMs)))
          await tell(tenantId, alert.id, rule, true);
    }
    const ids = new Set(measured.map(({ rule }) => rule.id));
    for (const alert of open.filter(({ ruleId }) => !ids.has(ruleId)))
      await database.inTenant(tenantId, (session) => endAlert(session, tenantId, alert.id, nowMs));
  }

  async function look(tenantId: TenantId): Promise<readonly Measured[]> {
    await options.flush();
    const isOperator = (await operatingTenant(database)) === tenantId;
    const { rules, open } = await database.inTenant(tenantId, async (session) => ({
      rules: rulesInForce(await readSavedRules(session, tenantId)),
      open: await readOpenAlerts(session, tenantId),
    }));
    const measure = createMeasure({ ...options, tenantId, isOperator, nowMs: clock.now() });
    const measured: Measured[] = [];
    for (const rule of rules)
      if (isOperator || alertMetrics[rule.metric].scope === 'organization')
        measured.push({ rule, value: await measure(rule) });
    await settle(tenantId, measured, open);
    return measured;
  }

  async function lookAtAll(): Promise<void> {
    await options.flush();
    const rows = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>(
        `SELECT DISTINCT u.tenant FROM monitor_usage u JOIN tenant_head h ON h.tenant = u.tenant WHERE u.at >= $1::bigint
         UNION SELECT DISTINCT tenant FROM health_alert WHERE ended_at IS NULL`,
        [clock.now() - RECENT_MS],
      ),
    );
    const operating = await operatingTenant(database);
    const tenants = new Set([...rows.map(({ tenant }) => tenant), ...(operating === null ? [] : [operating])]);
    for (const tenant of tenants) await look(tenant);
  }

  return {
    begin() {
      timer = setInterval(() => {
        lookAtAll().catch((error: unknown) =>
          log.error({ err: error, at: toInstant(clock.now()) }, 'alerts could not be looked at'),
        );
      }, LOOK_MS);
      timer.unref();
    },
    look,
    lookAtAll,
    stop: () => clearInterval(timer),
  };
}
