// The people of an audience as this computer holds them, for the preview; whom the server adds or leaves out for reasons only
// it knows is in its count.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import {
  audienceEntities,
  judgePerson,
  type Audience,
  type AudienceEntity,
  type AudiencePart,
} from '#shared/campaigns/audience.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Filter } from '#shared/query/filter.ts';
import { isFilter } from '#shared/query/is-filter.ts';

/** So many of each kind are gone through in the preview. */
const MOST_SHOWN = 200;

export interface People {
  /** Those nothing speaks against, as far as their records say. */
  readonly people: readonly LocalRecord[];
  /** Everybody the audience picks, before anybody is left out. */
  readonly picked: number;
}

function filterOfPart({ entity, viewId, filter, ids }: AudiencePart, views: readonly LocalRecord[]): Filter | null {
  if (ids !== undefined) return { field: 'id', op: 'in', value: ids };
  if (viewId === undefined) return filter ?? { and: [] };
  const view = views.find(({ id }) => id === viewId);
  if (view === undefined) return null;
  return isFilter(entities[entity], view['filter']) ? view['filter'] : { and: [] };
}

function useKind(entity: AudienceEntity, audience: Audience, views: readonly LocalRecord[]) {
  const filters = audience.parts
    .filter((part) => part.entity === entity)
    .map((part) => filterOfPart(part, views))
    .filter((filter) => filter !== null);
  const definition = entities[entity];
  const sort = [{ field: definition.titleField, direction: 'asc' }] as const;
  const { data } = useLive(
    'list',
    filters.length === 0 ? null : { entity, filter: { or: filters }, sort, offset: 0, limit: MOST_SHOWN },
  );
  return filters.length === 0 ? { rows: [], total: 0 } : { rows: data?.rows ?? [], total: data?.total ?? 0 };
}

export function usePeople(audience: Audience): People {
  const views = useSegments();
  const contacts = useKind('contact', audience, views);
  const leads = useKind('lead', audience, views);
  const without = new Set(audience.without);
  const people = [...contacts.rows, ...leads.rows].filter((person) => judgePerson(person, without) === null);
  return { people, picked: contacts.total + leads.total };
}

/** Saved views an audience can be made of. */
export function useSegments(): readonly LocalRecord[] {
  const { data } = useLive('list', {
    entity: 'savedView',
    filter: { field: 'entity', op: 'in', value: [...audienceEntities] },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  return data?.rows ?? [];
}
