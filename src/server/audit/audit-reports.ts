// Compliance reports: what an auditor asks for again and again, from the audit and from what is there today, through the same
// rules as everything else a reader sees. Each is a table of columns by name and a few figures.
import type { Actor } from '#shared/access/actor.ts';
import { isInstant, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  isDoneOutcome,
  reportTypes,
  type AuditLine,
  type ComplianceQuery,
  type ComplianceReport,
  type ReportType,
} from '#shared/sync/audit-messages.ts';
import { LINE_SQL, readNamed, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import { readAuditWords, type AuditWords } from '#server/audit/audit-words.ts';
import { toConditions } from '#server/audit/audit-conditions.ts';
import { readPeople, type Person } from '#server/audit/report-people.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;
/** Without a beginning, a report is about the last quarter. */
const DAYS = 92;
const MOST_ROWS = 5000;

interface Asked {
  readonly session: SqlSession;
  readonly actor: Actor;
  readonly from: string;
  readonly until: string;
  readonly words: AuditWords;
}

type Body = Pick<ComplianceReport, 'summary' | 'columns' | 'rows'>;

/** Which entries a report lists. */
const listed: Readonly<Partial<Record<ReportType, string>>> = {
  permission_changes: `(a.entity IN ('role', 'fieldRule', 'piiRule')
     OR (a.entity = 'user' AND (a.groups && ARRAY['role', 'teamId', 'team', 'isActive', 'managerId'] OR a.effect IN ('create', 'delete')))
     OR a.command LIKE 'apiKey.%' OR a.command LIKE 'support.%' OR a.command IN ('shareRecord', 'unshareRecord'))`,
  exports: `a.effect = 'export' OR a.command = 'revealField'`,
  failed_sign_ins: `a.command IN ('signIn', 'signInAttempt.fail')`,
  data_subject_requests: `a.command IN ('exportPerson', 'erasePerson')`,
};

function isDone({ outcome }: AuditLine): boolean {
  return isDoneOutcome(outcome);
}

/** An entry, and before and after in a line of text. */
type ToldLine = AuditLine & { readonly told: string };

async function readLines(
  { session, actor, from, until, words }: Asked,
  condition: string,
): Promise<readonly ToldLine[]> {
  const { sql, values } = await toConditions(session, actor, { from, until });
  const rows = await session.query<LineRow>(
    `${LINE_SQL} WHERE ${sql} AND (${condition}) ORDER BY a.no DESC LIMIT ${String(MOST_ROWS + 1)}`,
    values,
  );
  const known = await readSubjects(session, actor.tenantId as TenantId, rows);
  const lines = rows.flatMap((row) => toLine(actor, row, known) ?? []);
  const named = await readNamed(session, actor, lines);
  return lines.map((line) => ({ ...line, told: words.changes(line, named).join('; ') }));
}

const lineColumns = ['no', 'at', 'actor', 'action', 'entity', 'name', 'id', 'changes', 'outcome', 'address'];

function lineRow(line: ToldLine): ComplianceReport['rows'][number] {
  const { no, at, actor, actorName, command, entity, name, id, outcome, detail, told } = line;
  return [no, at, actorName ?? actor, command, entity, name, id, told, outcome, detail?.['address'] ?? null];
}

const listReports: Readonly<Partial<Record<ReportType, (lines: readonly ToldLine[]) => Body>>> = {
  permission_changes: (lines) => ({
    summary: { changes: lines.filter(isDone).length, refused: lines.filter((line) => !isDone(line)).length },
    columns: lineColumns,
    rows: lines.map(lineRow),
  }),
  exports: (lines) => ({
    summary: {
      exports: lines.filter(({ effect }) => effect === 'export').length,
      revealed: lines.filter(({ command, outcome }) => command === 'revealField' && outcome === 'revealed').length,
      refused: lines.filter((line) => !isDone(line)).length,
    },
    columns: lineColumns,
    rows: lines.map(lineRow),
  }),
  failed_sign_ins(lines) {
    const failed = lines.filter((line) => !isDone(line) || line.command === 'signInAttempt.fail');
    return {
      summary: {
        failed: failed.length,
        succeeded: lines.length - failed.length,
        people: new Set(failed.map(({ id }) => id)).size,
        addresses: new Set(failed.map(({ detail }) => detail?.['address'])).size,
      },
      columns: lineColumns,
      rows: failed.map(lineRow),
    };
  },
  data_subject_requests: (lines) => ({
    summary: {
      exported: lines.filter(({ command }) => command === 'exportPerson').length,
      erased: lines.filter(({ command }) => command === 'erasePerson').length,
    },
    columns: lineColumns,
    rows: lines.map(lineRow),
  }),
};

function accessReview(people: readonly Person[]): Body {
  const active = people.filter(({ isActive }) => isActive);
  return {
    summary: {
      active: active.length,
      inactive: people.length - active.length,
      administrators: active.filter(({ role }) => role === 'org_admin' || role === 'super_admin').length,
      neverSignedIn: active.filter(({ lastSignIn }) => lastSignIn === null).length,
    },
    columns: ['name', 'email', 'role', 'team', 'active', 'lastSignIn', 'sessions', 'createdAt'],
    rows: people.map(({ name, email, role, team, isActive, lastSignIn, sessions, createdAt }) => [
      name,
      email,
      role,
      team,
      isActive,
      lastSignIn,
      sessions,
      createdAt,
    ]),
  };
}

function mfaCoverage(people: readonly Person[]): Body {
  const active = people.filter(({ isActive }) => isActive);
  const covered = active.filter(({ factors }) => factors.length > 0);
  const administrators = active.filter(({ role }) => role === 'org_admin' || role === 'super_admin');
  return {
    summary: {
      active: active.length,
      withSecondFactor: covered.length,
      percent: active.length === 0 ? 0 : Math.round((100 * covered.length) / active.length),
      administratorsWithout: administrators.filter(({ factors }) => factors.length === 0).length,
    },
    columns: ['name', 'email', 'role', 'secondFactor', 'factors', 'lastSignIn'],
    rows: active.map(({ name, email, role, factors, lastSignIn }) => [
      name,
      email,
      role,
      factors.length > 0,
      factors.join(', '),
      lastSignIn,
    ]),
  };
}

async function bodyOf(asked: Asked, type: ReportType): Promise<Body> {
  const condition = listed[type];
  const list = listReports[type];
  if (condition !== undefined && list !== undefined) return list(await readLines(asked, condition));
  const people = await readPeople(asked.session, asked.actor);
  return type === 'mfa_coverage' ? mfaCoverage(people) : accessReview(people);
}

function rangeOf({ from, until }: ComplianceQuery, nowMs: number) {
  for (const instant of [from, until])
    if (instant !== undefined && !isInstant(instant))
      throw new OutpostError('invalid', 'Give times as instants, such as 2026-01-31T08:00:00.000Z.');
  // What happens at this very moment belongs to it.
  const end = until ?? toInstant(nowMs + 1);
  return { from: from ?? toInstant(toEpochMs(end) - DAYS * DAY_MS), until: end };
}

/** The reports asked for, all of them without a type; what changed stands there in the reader's words. @throws OutpostError `action_forbidden`, `invalid`. */
export function complianceReports(
  db: SqlDatabase,
  actor: Actor,
  query: ComplianceQuery,
  nowMs: number,
): Promise<readonly ComplianceReport[]> {
  assertAuditReader(actor);
  const range = rangeOf(query, nowMs);
  const types = query.report_type === undefined ? reportTypes : [query.report_type];
  return db.inTenant(
    actor.tenantId as TenantId,
    async (session) => {
      const words = await readAuditWords(session, actor);
      const reports: ComplianceReport[] = [];
      for (const type of types) {
        const { summary, columns, rows } = await bodyOf({ session, actor, words, ...range }, type);
        const shown = rows.slice(0, MOST_ROWS);
        const isPartial = rows.length > MOST_ROWS;
        const made = { report_type: type, generated_at: toInstant(nowMs), ...range };
        reports.push({ ...made, summary, columns, rows: shown, is_partial: isPartial });
      }
      return reports;
    },
    { snapshot: true },
  );
}
