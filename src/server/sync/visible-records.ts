// Records as one user may see them, many at a time: fields by the user's policy, masks by the rules of the registry, and
// revision, time and author of the newest change that this user can notice. A change of hidden fields alone leaves no
// trace, not even in the envelope.
import type { Actor } from '#shared/access/actor.ts';
import { openFieldPolicy } from '#shared/access/field-policy.ts';
import { projectFields } from '#shared/access/project.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { readMaskRules } from '#server/identity/read-rules.ts';
import type { SqlSession } from '#server/store/database.ts';
import { hiddenGroups } from '#server/sync/field-filter.ts';
import { createMasker } from '#server/sync/mask-values.ts';
import { makeTokens, MissingTokens, readTokens } from '#server/sync/mask-tokens.ts';

export interface Viewing {
  readonly session: SqlSession;
  readonly actor: Actor;
  readonly maskSecret: Uint8Array;
  /** Tokens that are missing are made here; otherwise `MissingTokens` is thrown. */
  readonly canWrite: boolean;
}

export interface VisibleRow {
  readonly definition: EntityDefinition;
  readonly record: AnyRecord;
  /** Number of the last change by group; `''` of the last change of the record as a whole. */
  readonly fieldRev: Readonly<Record<string, number>>;
}

/** The projection of each row that is in the user's reach (the stored keys decide), null where nothing of it is to be seen. */
export async function projectRows(
  viewing: Viewing,
  rows: readonly VisibleRow[],
): Promise<readonly (AnyRecord | null)[]> {
  const { actor } = viewing;
  if (actor.fields === undefined) return rows.map((row) => projectFields(openFieldPolicy, row.definition, row.record));
  return maskRows(viewing, await stampRows(viewing, rows));
}

async function maskRows(viewing: Viewing, rows: readonly VisibleRow[]): Promise<readonly (AnyRecord | null)[]> {
  const { actor, session, maskSecret } = viewing;
  const tenantId = actor.tenantId as TenantId;
  const isMasking = Object.values(actor.fields ?? {}).some((modes) => Object.values(modes).includes('mask'));
  const rules = isMasking ? await readMaskRules(session, tenantId) : new Map<string, never>();
  const tokens = new Map<string, string>();
  const projectAll = (missing: Set<string>) => {
    const keys = { secret: maskSecret, tenantId, rules, tokenOf: (name: string) => tokens.get(name) };
    const mask = createMasker(keys, (name) => missing.add(name));
    return rows.map(({ definition, record }) =>
      projectFields(actor.fields ?? openFieldPolicy, definition, record, mask),
    );
  };
  const wanted = new Set<string>();
  const first = projectAll(wanted);
  if (wanted.size === 0) return first;
  await addTokens(session, tenantId, wanted, tokens);
  const missing = new Set<string>();
  const second = projectAll(missing);
  if (missing.size === 0) return second;
  if (!viewing.canWrite) throw new MissingTokens([...missing]);
  await makeTokens(session, tenantId, [...missing]);
  await addTokens(session, tenantId, missing, tokens);
  return projectAll(new Set());
}

async function addTokens(
  session: SqlSession,
  tenantId: TenantId,
  names: ReadonlySet<string>,
  tokens: Map<string, string>,
): Promise<void> {
  for (const [name, token] of await readTokens(session, tenantId, [...names])) tokens.set(name, token);
}

/** Number of the newest change of the record that this user notices. */
function noticedRev(actor: Actor, { definition, record, fieldRev }: VisibleRow): number {
  const hidden = hiddenGroups(actor.fields).find(({ kind }) => kind === definition.name)?.groups ?? [];
  if (!hidden.some((group) => fieldRev[group] === record.rev)) return record.rev;
  const noticed = Object.entries(fieldRev).filter(([group]) => !hidden.includes(group));
  // A record that was stored before its creation was numbered: it is older than any change of it.
  return Math.max(1, ...noticed.map(([, seq]) => seq));
}

interface StampRow {
  readonly seq: number;
  readonly ts: number;
  readonly actor: string | null;
}

async function stampRows(viewing: Viewing, rows: readonly VisibleRow[]): Promise<readonly VisibleRow[]> {
  const revs = rows.map((row) => noticedRev(viewing.actor, row));
  const older = revs.filter((rev, index) => rev !== rows[index]?.record.rev);
  if (older.length === 0) return rows;
  const found = await viewing.session.query<StampRow>(
    'SELECT DISTINCT seq, ts, actor FROM change WHERE tenant = $1 AND seq = ANY($2::bigint[])',
    [viewing.actor.tenantId, [...new Set(older)]],
  );
  const stamps = new Map(found.map((row) => [row.seq, row]));
  return rows.map((row, index) => {
    const rev = revs[index] ?? row.record.rev;
    if (rev === row.record.rev) return row;
    const stamp = stamps.get(rev);
    const { createdAt, createdBy } = row.record;
    const updatedAt = stamp === undefined ? createdAt : toInstant(stamp.ts);
    return { ...row, record: { ...row.record, rev, updatedAt, updatedBy: stamp?.actor ?? createdBy } };
  });
}
