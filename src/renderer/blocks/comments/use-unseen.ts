import { useEffect, useState } from 'react';
import { useRequest } from '#renderer/data/use-data.ts';
import type { Sight } from '#shared/access/who-sees.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

const nobody: Readonly<Record<string, Sight>> = {};

/** Of these people, those who do not see the record (`no`), or of whom this computer cannot know (`unknown`). */
export function useUnseen(
  about: { readonly entity: EntityName; readonly id: string } | null,
  userIds: readonly string[],
): Readonly<Record<string, Sight>> {
  const request = useRequest();
  const [unseen, setUnseen] = useState(nobody);
  const entity = about?.entity;
  const id = about?.id;
  const asked = userIds.join(' ');
  useEffect(() => {
    let isCurrent = true;
    if (entity !== undefined && id !== undefined && asked !== '') {
      request('whoSees', { entity, id, userIds: asked.split(' ') })
        .then((sights) => {
          if (isCurrent) setUnseen(sights);
        })
        // A question that went lost with a window warns of nobody; the server keeps to its rules.
        .catch(() => undefined);
    }
    return () => {
      isCurrent = false;
    };
  }, [request, entity, id, asked]);
  return Object.fromEntries(
    userIds.flatMap((user) => ((unseen[user] ?? 'yes') === 'yes' ? [] : [[user, unseen[user]]])),
  ) as Readonly<Record<string, Sight>>;
}
