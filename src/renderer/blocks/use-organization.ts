import { useMemo } from 'react';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { figuresOf, ORGANIZATION_ID, type OrganizationFigures } from '#shared/entities/organization/organization.ts';

/** What the organization decided about its figures, with the defaults for the rest. */
export function useOrganization(): { readonly record: LocalRecord | null; readonly figures: OrganizationFigures } {
  const record = useLive('record', { entity: 'organization', id: ORGANIZATION_ID }).data?.record ?? null;
  return useMemo(() => ({ record, figures: figuresOf(record) }), [record]);
}
