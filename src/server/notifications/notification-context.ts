import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { SyncDependencies } from '#server/sync/push.ts';

export interface NotificationContext {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  /** Null: mail is not set up. */
  readonly mailer: Mailer | null;
  readonly sync: SyncDependencies;
}

/** `day`: that of the person, for what comes once a day or once a week. */
export interface NotificationMailJob {
  readonly tenantId: TenantId;
  readonly userId: string;
  readonly what: 'notice' | 'goals' | 'digest' | 'weekly';
  /** Of a notice: the notification. */
  readonly key: string;
  readonly day: string;
}
