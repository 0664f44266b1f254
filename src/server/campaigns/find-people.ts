// The people of an audience, page by page, as the publisher sees them: whom the publisher does not see gets nothing, and a
// value that is hidden or masked for the publisher is no value. Never more than a page of them is in memory.
import type { Actor } from '#shared/access/actor.ts';
import {
  audienceEntities,
  judgePerson,
  plainAddress,
  type Audience,
  type AudienceEntity,
  type LeftOutReason,
} from '#shared/campaigns/audience.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { checkAskedFields } from '#shared/query/check-fields.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { AskedOn, Filter } from '#shared/query/filter.ts';
import { isFilter } from '#shared/query/is-filter.ts';
import { mayRead } from '#server/reports/judge-report.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { readVisiblePages } from '#server/sync/visible-source.ts';
import { findRecord } from '#server/sync/write-record.ts';

export interface Person {
  readonly record: AnyRecord;
  readonly address: string;
  /** Null: gets the mail, as far as the record says. */
  readonly leftOut: LeftOutReason | null;
}

/** Does this record belong to the audience? */
export type Picks = Readonly<Record<AudienceEntity, ((record: AnyRecord) => boolean) | null>>;

/** @throws OutpostError `invalid` for a saved view or a field that is not there for this person */
export async function picksOf(database: SqlDatabase, actor: Actor, audience: Audience, today: Day): Promise<Picks> {
  const tenantId = actor.tenantId as TenantId;
  const organization = await database.inTenant(tenantId, (session) =>
    findRecord(session, tenantId, 'organization', ORGANIZATION_ID),
  );
  const { fiscalYearStart } = figuresOf(organization?.record);
  const asked: AskedOn = { today, fiscalYearStart };
  const tests: Record<AudienceEntity, ((record: AnyRecord) => boolean)[]> = { contact: [], lead: [] };
  for (const { entity, viewId, filter, ids } of audience.parts) {
    if (ids !== undefined) {
      const picked = new Set(ids);
      tests[entity].push(({ id }) => picked.has(id));
      continue;
    }
    const wanted =
      viewId === undefined ? (filter ?? null) : await filterOfView(database, tenantId, actor, entity, viewId);
    const definition = entities[entity];
    if (wanted !== null) {
      if (!isFilter(definition, wanted))
        throw new OutpostError('invalid', 'This filter names a field that is not there.');
      checkAskedFields(actor.fields, definition, { filter: wanted });
    }
    tests[entity].push((record) => wanted === null || matchesFilter(definition, wanted, record, asked));
  }
  const any = (list: readonly ((record: AnyRecord) => boolean)[]) =>
    list.length === 0 ? null : (record: AnyRecord) => list.some((test) => test(record));
  return { contact: any(tests.contact), lead: any(tests.lead) };
}

async function filterOfView(
  database: SqlDatabase,
  tenantId: TenantId,
  actor: Actor,
  entity: AudienceEntity,
  viewId: string,
): Promise<Filter | null> {
  const view = await database.inTenant(tenantId, (session) => findRecord(session, tenantId, 'savedView', viewId));
  if (view === null || !mayRead(actor, view) || view.record['entity'] !== entity)
    throw new OutpostError('invalid', 'A segment of this campaign is not available to you any more.', {
      problems: ['audience:reference'],
    });
  const { filter } = view.record;
  return isFilter(entities[entity], filter) ? filter : null;
}

export interface PeoplePage {
  readonly people: readonly Person[];
  /** To go on behind this page; null: it was the last one. */
  readonly cursor: string | null;
}

/** Goes on behind `cursor` (null: from the start). Contacts come first, then leads, each in the order of their ids. */
export async function* pagesOfPeople(
  sync: SyncDependencies,
  actor: Actor,
  picks: Picks,
  without: readonly string[],
  cursor: string | null,
): AsyncGenerator<PeoplePage> {
  const excluded = new Set(without);
  const [fromEntity = null, fromId = ''] = cursor === null ? [] : cursor.split(' ');
  const wanted = audienceEntities.filter((name) => picks[name] !== null);
  const first = fromEntity === null ? 0 : Math.max(0, wanted.indexOf(fromEntity as AudienceEntity));
  for (const [index, entity] of wanted.entries()) {
    if (index < first) continue;
    const picked = picks[entity];
    const afterId = entity === fromEntity ? fromId : '';
    for await (const page of readVisiblePages(sync, actor, new Set([entity]), entities[entity].collection, afterId)) {
      const people = page.records
        .filter((record) => record.kind === entity && picked?.(record) === true)
        .map((record): Person => {
          const { email } = record as { email?: unknown };
          const leftOut = judgePerson(record, excluded);
          return { record, leftOut, address: typeof email === 'string' ? plainAddress(email) : '' };
        });
      const next = page.next ?? (index + 1 < wanted.length ? '' : null);
      const place = page.next === null ? (wanted[index + 1] ?? null) : entity;
      yield { people, cursor: next === null || place === null ? null : `${place} ${next}` };
    }
  }
}
