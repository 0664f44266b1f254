// What is known of a record for a draft, read from this computer: the person, the company, the deal, and what was talked about last.
import { useMemo, useState } from 'react';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { draftFactsOf } from '#shared/drafting/draft-facts.ts';
import type { DraftFacts, DraftLanguage } from '#shared/drafting/draft-types.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

export interface DraftedRecord {
  readonly entity: EntityName;
  readonly id: string;
}

/** The field of an activity that names a record of this kind. */
const activityFields: Readonly<Partial<Record<EntityName, string>>> = {
  deal: 'dealId',
  contact: 'contactId',
  lead: 'leadId',
  account: 'accountId',
};

function useRecord(entity: EntityName, id: unknown) {
  const query = typeof id === 'string' && id !== '' ? { entity, id } : null;
  return useLive('record', query).data?.record ?? null;
}

/** `null`: nothing is known, and drafts are written without names. */
export function useDraftFacts(of: DraftedRecord | null, language: DraftLanguage): DraftFacts {
  const { workingDays } = useOrganization().figures;
  const [today] = useState(() => toLocalDay(new Date()));
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : null,
  );
  const record = useRecord(of?.entity ?? 'contact', of?.id);
  const kind = record?.kind;
  const isPerson = kind === 'contact' || kind === 'lead';
  const named = useRecord('contact', kind === 'deal' ? record?.['primaryContactId'] : null);
  const account = useRecord('account', kind === 'account' ? record?.id : record?.['accountId']);
  const sender = useRecord('user', userId);
  const field = of === null ? undefined : activityFields[of.entity];
  const lastActivity = useLive(
    'list',
    of === null || field === undefined
      ? null
      : {
          entity: 'activity',
          filter: {
            and: [
              { field, op: 'eq', value: of.id },
              { field: 'activityType', op: 'in', value: ['call', 'meeting', 'demo'] },
            ],
          },
          sort: [{ field: 'occurredAt', direction: 'desc' }],
          offset: 0,
          limit: 1,
        },
  ).data?.rows[0];
  return useMemo(() => {
    const subjects = {
      person: isPerson ? record : named,
      company: account,
      deal: kind === 'deal' ? record : null,
      sender,
      lastActivity: lastActivity ?? null,
    };
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    return draftFactsOf(subjects, language, { today, timeZone, workingDays });
  }, [record, named, account, sender, lastActivity, isPerson, kind, language, today, workingDays]);
}
