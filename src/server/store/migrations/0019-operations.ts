import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const buckets = Array.from({ length: 14 }, (_, index) => `b${String(index)} bigint NOT NULL DEFAULT 0`).join(', ');

/**
 * What the server knows of itself. Measurements of requests by organization (the ones of nobody stand under `-`), alerts with
 * their rules, and for the installation: queues that wait, when its own work is due, and what came of it. No row holds a value
 * of a record, an address or a name.
 */
export const operations: Migration = {
  number: 19,
  name: 'operations',
  statements: [
    `CREATE TABLE monitor_usage (
       tenant text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, at bigint NOT NULL,
       step bigint NOT NULL, requests bigint NOT NULL, errors bigint NOT NULL, refused bigint NOT NULL, limited bigint NOT NULL,
       total_ms double precision NOT NULL, min_ms double precision NOT NULL, max_ms double precision NOT NULL, ${buckets},
       PRIMARY KEY (tenant, kind, at, subject, step))`,
    ...protectByTenant('monitor_usage'),
    `CREATE TABLE monitor_error (
       tenant text COLLATE "C" NOT NULL, at bigint NOT NULL, id text COLLATE "C" NOT NULL, method text NOT NULL, route text NOT NULL,
       status int NOT NULL, code text NOT NULL, user_id text, ms double precision NOT NULL, PRIMARY KEY (tenant, at, id))`,
    ...protectByTenant('monitor_error'),
    `CREATE TABLE health_rule (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, rule json NOT NULL, changed_at bigint NOT NULL, changed_by text,
       PRIMARY KEY (tenant, id))`,
    ...protectByTenant('health_rule'),
    `CREATE TABLE health_alert (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, rule_id text COLLATE "C" NOT NULL, rule json NOT NULL,
       began_at bigint NOT NULL, ended_at bigint, value double precision NOT NULL, worst double precision NOT NULL,
       seen_at bigint, seen_by text, PRIMARY KEY (tenant, id))`,
    // Several servers look at the same time: one alert of a rule is open at once.
    `CREATE UNIQUE INDEX health_alert_open ON health_alert (tenant, rule_id) WHERE ended_at IS NULL`,
    `CREATE INDEX health_alert_by_time ON health_alert (tenant, began_at)`,
    ...protectByTenant('health_alert'),
    `CREATE TABLE job_pause (queue text COLLATE "C" PRIMARY KEY, at bigint NOT NULL, by_user text)`,
    `CREATE TABLE job_plan (
       name text COLLATE "C" PRIMARY KEY, time text NOT NULL, time_zone text NOT NULL, is_on boolean NOT NULL, planned_until bigint NOT NULL)`,
    `CREATE TABLE job_run (
       id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL, began_at bigint NOT NULL, ended_at bigint, outcome text NOT NULL, facts json NOT NULL)`,
    `CREATE INDEX job_run_by_time ON job_run (name, began_at)`,
  ],
};
