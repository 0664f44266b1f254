// What everything about campaigns on the server works with, and what of a campaign stands still once it is published.
import type { Audience } from '#shared/campaigns/audience.ts';
import type { FollowUp } from '#shared/campaigns/follow-up.ts';
import type { TemplateContent } from '#shared/mail/template-content.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import type { Egress } from '#server/egress/egress.ts';
import type { LinkSigner } from '#server/campaigns/signed-links.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { SyncDependencies } from '#server/sync/push.ts';

export interface CampaignContext {
  readonly database: SqlDatabase;
  readonly sync: SyncDependencies;
  readonly clock: Clock;
  readonly log: ServerLog;
  readonly egress: Egress;
  /** The operator's mail server; null: there is none. */
  readonly mail: MailSettings | null;
  readonly signer: LinkSigner;
  readonly publicAddress: PublicAddress;
  /** How certificates and confirmations of Amazon are fetched; left out: through `egress`. */
  readonly fetchFromAmazon?: ((url: string) => Promise<Response>) | undefined;
}

/** A campaign as it was published. Later edits of the record change nothing of it. */
export interface Published {
  readonly name: string;
  readonly content: TemplateContent;
  readonly subjectB: string | null;
  readonly audience: Audience;
  readonly perHour: number | null;
  readonly bestTime: boolean;
  readonly trackOpens: boolean;
  readonly trackClicks: boolean;
  readonly test: { readonly share: number; readonly by: 'opened' | 'clicked'; readonly hours: number } | null;
  readonly follows: FollowUp | null;
  /** Language and time zone of the publisher, for numbers and days. */
  readonly locale: string;
  readonly timeZone: string;
}

export type RunState = 'scheduled' | 'preparing' | 'sending' | 'paused' | 'sent' | 'cancelled';

export interface RunRow {
  readonly campaign: string;
  readonly publisher: string;
  readonly content: Published;
  readonly state: RunState;
  readonly dueAt: number;
  readonly cursor: string | null;
  readonly nextNo: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly winner: {
    readonly variant: 'A' | 'B';
    readonly because: string;
    readonly rateA: number;
    readonly rateB: number;
  } | null;
  readonly trouble: string | null;
  readonly turn: number;
}

export const RUN_COLUMNS = `campaign, publisher, content, state, due_at AS "dueAt", cursor, next_no AS "nextNo", started_at AS "startedAt",
  finished_at AS "finishedAt", winner, trouble, jobs AS turn`;

/** `turn`: jobs of a campaign follow each other; one that is not the present one has nothing to do. */
export interface CampaignJob {
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly turn: number;
}
