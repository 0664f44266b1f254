// Where the record of an entity is shown. Entities without a page of their own answer null.
import type { EntityName } from '#shared/entities/define-entity.ts';

const listOfEntity: Readonly<Partial<Record<EntityName, string>>> = {
  deal: 'deals',
  account: 'accounts',
  contact: 'contacts',
  lead: 'leads',
  activity: 'activities',
  task: 'tasks',
  product: 'products',
  report: 'reports',
  goal: 'goals',
  campaign: 'campaigns',
};

export function pathOfRecord(entity: EntityName, id: string): string | null {
  const list = listOfEntity[entity];
  return list === undefined ? null : `/${list}/${id}`;
}

export function entityOfList(list: string): EntityName | null {
  const found = Object.entries(listOfEntity).find(([, path]) => path === list);
  return found === undefined ? null : (found[0] as EntityName);
}

export function pathOfList(entity: EntityName): string | null {
  const list = listOfEntity[entity];
  return list === undefined ? null : `/${list}`;
}
