import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const tables = [
  'campaign_run',
  'campaign_recipient',
  'campaign_link',
  'campaign_click',
  'mail_suppression',
  'mail_provider',
];

/**
 * Campaigns as they are sent: what was published stands still in `campaign_run`, each person is one row of
 * `campaign_recipient`, and an address is written to once in a campaign, whatever happens to jobs and servers.
 */
export const campaigns: Migration = {
  number: 32,
  name: 'campaigns',
  statements: [
    `CREATE TABLE campaign_run (
       tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, publisher text COLLATE "C" NOT NULL, content json NOT NULL,
       state text NOT NULL, due_at bigint NOT NULL, cursor text, next_no int NOT NULL DEFAULT 1, started_at bigint, finished_at bigint,
       winner json, trouble text, jobs int NOT NULL DEFAULT 0, PRIMARY KEY (tenant, campaign))`,
    `CREATE TABLE campaign_recipient (
       tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, no int NOT NULL, entity text NOT NULL,
       record_id text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, given json NOT NULL DEFAULT '{}', state text NOT NULL,
       reason text, detail text, variant text, due_at bigint NOT NULL DEFAULT 0, because text, attempts int NOT NULL DEFAULT 0,
       claim text, lease_until bigint, sent_at bigint, opened_at bigint, opens int NOT NULL DEFAULT 0, clicked_at bigint,
       clicks int NOT NULL DEFAULT 0, bounced_at bigint, bounce_kind text, bounce_status text, bounce_reason text,
       complained_at bigint, unsubscribed_at bigint, PRIMARY KEY (tenant, campaign, no))`,
    `CREATE UNIQUE INDEX campaign_recipient_once ON campaign_recipient (tenant, campaign, address) WHERE state <> 'skipped'`,
    `CREATE INDEX campaign_recipient_due ON campaign_recipient (tenant, campaign, due_at, no) WHERE state = 'waiting'`,
    `CREATE INDEX campaign_recipient_by_address ON campaign_recipient (tenant, address, sent_at)`,
    `CREATE INDEX campaign_recipient_by_record ON campaign_recipient (tenant, record_id)`,
    `CREATE TABLE campaign_link (
       tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, no int NOT NULL, url text NOT NULL,
       PRIMARY KEY (tenant, campaign, no))`,
    `CREATE TABLE campaign_click (
       tenant text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL, link int NOT NULL, recipient int NOT NULL,
       at bigint NOT NULL, count int NOT NULL DEFAULT 1, PRIMARY KEY (tenant, campaign, link, recipient))`,
    `CREATE TABLE mail_suppression (
       tenant text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, reason text NOT NULL, at bigint NOT NULL,
       campaign text COLLATE "C", added_by text COLLATE "C", PRIMARY KEY (tenant, address))`,
    `CREATE TABLE mail_provider (
       tenant text COLLATE "C" PRIMARY KEY, settings json NOT NULL, secret bytea, updated_at bigint NOT NULL, updated_by text NOT NULL)`,
    ...tables.flatMap(protectByTenant),
  ],
};
