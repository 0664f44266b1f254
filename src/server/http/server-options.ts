// What a sync server is started with. Whatever is left out is as in the product.
import type { DestinationStream } from 'pino';
import type { RateLimit } from '#shared/access/rate-windows.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { ProviderOptions } from '#server/http/sign-in-with-providers.ts';
import type { PresenceTimes } from '#server/live/presence.ts';
import type { LogLevel } from '#server/log/create-log.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import type { JobTimes } from '#server/jobs/job-engine.ts';
import type { OperationsSettings } from '#server/observe/operations-settings.ts';

export interface ServerOptions extends ProviderOptions {
  readonly location: DatabaseLocation;
  /** Default 127.0.0.1: this computer only. */
  readonly host?: string;
  /** Where browsers, mails and identity providers find the server: an origin. Absent: known only when it listens to this computer alone. */
  readonly publicUrl?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Offers the demo company to callers on this computer. */
  readonly isDemo?: boolean;
  readonly logLevel?: LogLevel;
  /** Default: stderr. */
  readonly logDestination?: DestinationStream;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** How long presence takes to come and go. */
  readonly presenceTimes?: PresenceTimes;
  /** Absent: the server sends no mail. */
  readonly mail?: MailSettings;
  /** Left out: as any address people name. */
  readonly fetchFromAmazon?: ((url: string) => Promise<Response>) | undefined;
  /** How often jobs are tried again, and when. */
  readonly jobTimes?: JobTimes;
  /** Between the attempts to tell a webhook, in milliseconds. */
  readonly webhookPausesMs?: readonly number[];
  /** How the server is watched. */
  readonly operations?: OperationsSettings;
  /** How often a person may ask where the organization decided nothing else. */
  readonly rateLimit?: RateLimit;
  /** Reverse proxies whose word about where a request came from is believed: addresses and ranges. */
  readonly trustProxy?: readonly string[];
}
