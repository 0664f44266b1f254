// Who gets a campaign is asked once it is due, page by page; each page is kept together with how far it went, so that a server
// that ends in between goes on behind it. Who is left out is kept, too, with the reason.
import { createHash } from 'node:crypto';
import { bestTime, emptyWeek, type WeekHours } from '#shared/campaigns/send-time.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { recordValuesOf } from '#shared/mail/mail-values.ts';
import type { CampaignContext, Published, RunRow } from '#server/campaigns/campaign-context.ts';
import { linksOf, namesUsedBy } from '#server/campaigns/compose-mail.ts';
import { pagesOfPeople, picksOf, type Person } from '#server/campaigns/find-people.ts';
import { picksOfFollowUp } from '#server/campaigns/follow-up.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';
import { readVisiblePages } from '#server/sync/visible-source.ts';

const HOUR_MS = 3_600_000;
/** Rows that are written in one statement. */
const ROWS_AT_ONCE = 1000;

interface NewRecipient {
  readonly no: number;
  readonly entity: string;
  readonly recordId: string;
  readonly address: string;
  readonly given: Readonly<Record<string, string>>;
  readonly reason: string | null;
  readonly variant: string | null;
  readonly dueAt: number;
  readonly because: string | null;
}

const COLUMNS = 'tenant, campaign, no, entity, record_id, address, given, state, reason, variant, due_at, because';
const ROWS = `json_to_recordset($3::json) AS r(no int, entity text, "recordId" text, address text, given json, reason text, variant text,
  "dueAt" bigint, because text)`;

/** Of an address that has a mail of this campaign already, nothing is written and its number is not answered. */
const INSERT = `
  INSERT INTO campaign_recipient (${COLUMNS})
  SELECT $1, $2, r.no, r.entity, r."recordId", r.address, CASE WHEN r.reason IS NULL AND s.address IS NULL THEN r.given ELSE '{}' END,
    CASE WHEN r.reason IS NULL AND s.address IS NULL THEN 'waiting' ELSE 'skipped' END, coalesce(r.reason, s.reason), r.variant, r."dueAt", r.because
  FROM ${ROWS} LEFT JOIN mail_suppression s ON s.tenant = $1 AND s.address = r.address AND r.reason IS NULL
  ON CONFLICT DO NOTHING RETURNING no`;

async function insertRecipients(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  rows: readonly NewRecipient[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const part = rows.slice(from, from + ROWS_AT_ONCE);
    const written = await session.query<{ no: number }>(INSERT, [tenantId, campaignId, toJsonBytes(part)]);
    if (written.length === part.length) continue;
    const known = new Set(written.map(({ no }) => no));
    const twice = part.filter(({ no }) => !known.has(no)).map((row) => ({ ...row, given: {}, reason: 'twice' }));
    await session.query(INSERT, [tenantId, campaignId, toJsonBytes(twice)]);
  }
}

/** Everything about a page that does not stand in its records. */
interface Preparing {
  readonly published: Published;
  readonly startMs: number;
  readonly names: ReadonlySet<string>;
  readonly companies: ReadonlyMap<string, AnyRecord>;
  readonly everybody: WeekHours;
  readonly nowMs: number;
}

function toRow(person: Person, no: number, own: WeekHours, of: Preparing): NewRecipient {
  const { record, address, leftOut } = person;
  const { published, startMs, names, companies, everybody, nowMs } = of;
  const base = { no, entity: record.kind, recordId: record.id, address };
  if (leftOut !== null)
    return {
      ...base,
      address: leftOut === 'unseenAddress' ? '' : address,
      given: {},
      reason: leftOut,
      variant: null,
      dueAt: 0,
      because: null,
    };
  const moment = { now: toInstant(nowMs), timeZone: 'UTC', locale: published.locale };
  const values = recordValuesOf(
    { person: record, company: companies.get(textOf(record['accountId'])) ?? null },
    moment,
  );
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(values))
    if (typeof value === 'string' && (names.has(name) || name === 'name')) given[name] = value;
  const { variant, waitsMs } = placeInTest(published, address);
  const slot =
    startMs + waitsMs + (published.perHour === null ? 0 : Math.floor(((no - 1) * HOUR_MS) / published.perHour));
  if (!published.bestTime) return { ...base, given, reason: null, variant, dueAt: slot, because: null };
  const best = bestTime(own, everybody, slot);
  return { ...base, given, reason: null, variant, dueAt: best.atMs, because: best.because };
}

/** Always the same for an address, and nothing the sender chose: a share of the addresses, half of it for each subject. */
function placeInTest({ test, subjectB }: Published, address: string): { variant: string | null; waitsMs: number } {
  if (test === null || subjectB === null) return { variant: null, waitsMs: 0 };
  const drawn = createHash('sha256').update(address).digest().readUInt32BE(0) / 0x1_00_00_00_00;
  if (drawn >= test.share / 100) return { variant: null, waitsMs: test.hours * HOUR_MS };
  return { variant: drawn < test.share / 200 ? 'A' : 'B', waitsMs: 0 };
}

const companyNames = ['company_name', 'website'];

async function readCompanies(context: CampaignContext, actor: Actor, names: ReadonlySet<string>) {
  const companies = new Map<string, AnyRecord>();
  if (!companyNames.some((name) => names.has(name))) return companies;
  for await (const { records } of readVisiblePages(context.sync, actor, new Set(['account']), 'accounts'))
    for (const record of records) {
      const { id, kind, rev, ownerId, teamId, createdAt, createdBy, updatedAt, updatedBy } = record;
      const stamps = { id, kind, rev, ownerId, teamId, createdAt, createdBy, updatedAt, updatedBy };
      // Of a hundred thousand accounts only what a mail can say is held.
      companies.set(id, { ...stamps, name: record['name'], website: record['website'] });
    }
  return companies;
}

const HOUR = `((opened_at / 3600000 + 72) % 168)::int AS hour`;

async function readEverybody({ database }: CampaignContext, tenantId: TenantId): Promise<WeekHours> {
  const rows = await database.inTenant(
    tenantId,
    (session) =>
      session.query<{ hour: number; count: number }>(
        `SELECT ${HOUR}, count(*)::int AS count FROM campaign_recipient WHERE tenant = $1 AND opened_at IS NOT NULL GROUP BY 1`,
        [tenantId],
      ),
    { snapshot: true },
  );
  const week = emptyWeek();
  for (const { hour, count } of rows) week[hour] = count;
  return week;
}

async function readOwn(session: SqlSession, tenantId: TenantId, addresses: readonly string[]) {
  const rows = await session.query<{ address: string; hour: number; count: number }>(
    `SELECT address, ${HOUR}, count(*)::int AS count FROM campaign_recipient
     WHERE tenant = $1 AND address = ANY($2::text[]) AND opened_at IS NOT NULL GROUP BY 1, 2`,
    [tenantId, addresses],
  );
  const weeks = new Map<string, number[]>();
  for (const { address, hour, count } of rows) {
    const week = weeks.get(address) ?? emptyWeek();
    week[hour] = count;
    weeks.set(address, week);
  }
  return weeks;
}

/** Writes down every recipient that is not written yet. False: another server did meanwhile. */
export async function prepareRecipients(
  context: CampaignContext,
  tenantId: TenantId,
  actor: Actor,
  run: RunRow,
  signal: AbortSignal,
): Promise<boolean> {
  const { database, clock, sync } = context;
  const { campaign: campaignId, content: published } = run;
  const today = createTimeZone(published.timeZone).dayOf(clock.now());
  const picks =
    published.follows === null
      ? await picksOf(database, actor, published.audience, today)
      : await picksOfFollowUp(database, tenantId, published.follows);
  const names = namesUsedBy(published);
  const preparing: Preparing = {
    published,
    startMs: run.startedAt ?? clock.now(),
    names,
    companies: await readCompanies(context, actor, names),
    everybody: published.bestTime ? await readEverybody(context, tenantId) : emptyWeek(),
    nowMs: clock.now(),
  };
  await database.inTenant(tenantId, async (session) => {
    for (const [index, url] of linksOf(published.content).entries())
      await session.query(
        'INSERT INTO campaign_link (tenant, campaign, no, url) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [tenantId, campaignId, index + 1, url],
      );
  });
  let { cursor, nextNo } = run;
  if (cursor === DONE) return true;
  for await (const page of pagesOfPeople(sync, actor, picks, published.audience.without, cursor)) {
    if (signal.aborted) return false;
    const next = page.cursor ?? DONE;
    const isOurs = await database.inTenant(tenantId, async (session) => {
      const [place] = await session.query<{ cursor: string | null }>(
        'SELECT cursor FROM campaign_run WHERE tenant = $1 AND campaign = $2 FOR UPDATE',
        [tenantId, campaignId],
      );
      if (place === undefined || place.cursor !== cursor) return false;
      const own = published.bestTime
        ? await readOwn(
            session,
            tenantId,
            page.people.map(({ address }) => address),
          )
        : new Map<string, number[]>();
      const rows = page.people.map((person, index) =>
        toRow(person, nextNo + index, own.get(person.address) ?? emptyWeek(), preparing),
      );
      await insertRecipients(session, tenantId, campaignId, rows);
      await session.query('UPDATE campaign_run SET cursor = $3, next_no = $4 WHERE tenant = $1 AND campaign = $2', [
        tenantId,
        campaignId,
        next,
        nextNo + rows.length,
      ]);
      nextNo += rows.length;
      return true;
    });
    if (!isOurs) return false;
    cursor = next;
  }
  return true;
}

/** Where a campaign stands whose recipients are all written. */
const DONE = 'done';
