import { useEffect, useState } from 'react';
import type { DataRequests } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';

export interface Place {
  readonly coll: string;
  readonly id: string;
}
export type Described = DataRequests['describePlaces']['output'][number];

export const keyOf = ({ coll, id }: Place): string => `${coll}/${id}`;

/** Kind and title of records, by place. What is not held has none, and neither has anything while the database is away. */
export function useTitles(places: readonly Place[]): ReadonlyMap<string, Described> {
  const request = useRequest();
  const [titles, setTitles] = useState<ReadonlyMap<string, Described>>(new Map());
  const key = places.map(keyOf).join(' ');
  useEffect(() => {
    let isStale = false;
    if (key === '') return;
    const wanted = key.split(' ').map((text) => ({
      coll: text.slice(0, text.indexOf('/')),
      id: text.slice(text.indexOf('/') + 1),
    }));
    request('describePlaces', { places: wanted }).then(
      (found) => {
        if (!isStale) setTitles(new Map(found.map((record) => [keyOf(record), record])));
      },
      () => {
        // The database is being opened again: records are named by their kind until it is there.
        if (!isStale) setTitles(new Map());
      },
    );
    return () => {
      isStale = true;
    };
  }, [key, request]);
  return titles;
}
