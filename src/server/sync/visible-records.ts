// Records as one user may see them, many at a time: fields by the user's policy, masks by the rules of the registry, and
// revision, time and author of the newest change that this user can notice. A change of hidden fields alone leaves no
// trace, not even in the envelope.
import type { Actor } from '#shared/access/actor.ts';
import { openFieldPolicy } from '#shared/access/field-policy.ts';
import { projectFields } from '#shared/access/project.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { hiddenGroups } from '#server/sync/field-filter.ts';
import { OWN_TIME, WHOLE_RECORD } from '#server/sync/stored-record.ts';
import { createMasker } from '#server/sync/mask-values.ts';
import { MissingTokens } from '#server/sync/mask-tokens.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';

export interface Viewing {
  readonly transaction: SyncTransaction;
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
  const { actor, transaction, maskSecret } = viewing;
  const tenantId = actor.tenantId as TenantId;
  const isMasking = Object.values(actor.fields ?? {}).some((modes) => Object.values(modes).includes('mask'));
  const rules = isMasking ? await transaction.readMaskRules() : new Map<string, never>();
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
  await addTokens(transaction, wanted, tokens);
  const missing = new Set<string>();
  const second = projectAll(missing);
  if (missing.size === 0) return second;
  if (!viewing.canWrite) throw new MissingTokens([...missing]);
  await transaction.makeMaskTokens([...missing]);
  await addTokens(transaction, missing, tokens);
  return projectAll(new Set());
}

async function addTokens(
  transaction: SyncTransaction,
  names: ReadonlySet<string>,
  tokens: Map<string, string>,
): Promise<void> {
  for (const [name, token] of await transaction.readMaskTokens([...names])) tokens.set(name, token);
}

interface Noticed {
  readonly rev: number;
  /** The change that time and author are told of; null: those of the record. */
  readonly stampedBy: number | null;
}

/** The newest change of the record that this user notices. */
function findNoticed(actor: Actor, { definition, record, fieldRev }: VisibleRow): Noticed {
  const hidden = hiddenGroups(actor.fields).find(({ kind }) => kind === definition.name)?.groups ?? [];
  const revs = Object.entries(fieldRev).filter(([group]) => group !== OWN_TIME);
  const newest = Math.max(0, ...revs.map(([, seq]) => seq));
  // A record that was stored before its creation was numbered: it is older than any change of it.
  const noticed = Math.max(1, ...revs.filter(([group]) => !hidden.includes(group)).map(([, seq]) => seq));
  if (noticed >= newest) return { rev: record.rev, stampedBy: null };
  // Whoever follows its parent gets another number, but keeps time and author.
  return { rev: record.rev > newest ? record.rev : noticed, stampedBy: noticed };
}

async function stampRows(viewing: Viewing, rows: readonly VisibleRow[]): Promise<readonly VisibleRow[]> {
  const noticed = rows.map((row) => findNoticed(viewing.actor, row));
  const older = noticed.flatMap(({ stampedBy }) => (stampedBy === null ? [] : [stampedBy]));
  if (older.length === 0) return rows;
  const found = await viewing.transaction.readStamps([...new Set(older)]);
  const stamps = new Map(found.map((row) => [row.seq, row]));
  return rows.map((row, index) => {
    const { rev, stampedBy } = noticed[index] ?? { rev: row.record.rev, stampedBy: null };
    if (stampedBy === null) return row;
    const stamp = stamps.get(stampedBy);
    const { createdAt, createdBy } = row.record;
    const ownTime = stampedBy === row.fieldRev[WHOLE_RECORD] ? row.fieldRev[OWN_TIME] : undefined;
    const changedAt = stamp === undefined ? createdAt : toInstant(stamp.ts);
    const updatedAt = ownTime === undefined ? changedAt : toInstant(ownTime);
    return {
      ...row,
      record: { ...row.record, rev, updatedAt, updatedBy: stamp === undefined ? createdBy : stamp.actor },
    };
  });
}
