// What is said about campaigns in more than one place.
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { PillTone } from '#renderer/ui/pill.tsx';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { campaignStates, type CampaignState } from '#shared/entities/campaign/campaign.ts';

export const toneOfState: Readonly<Record<CampaignState, PillTone>> = {
  draft: 'neutral',
  scheduled: 'accent',
  sending: 'accent',
  paused: 'warn',
  sent: 'good',
  cancelled: 'neutral',
};

export function stateOf(record: AnyRecord): CampaignState {
  return campaignStates.find((state) => state === record['state']) ?? 'draft';
}

export function countOf(record: AnyRecord, field: string): number {
  const value = record[field];
  return typeof value === 'number' ? value : 0;
}

/** A share in the user's language: rates of nothing are none. */
export function useRate(): (count: number, of: number) => string {
  const { i18n } = useTranslation();
  return (count, of) =>
    of <= 0
      ? '–'
      : new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(count / of);
}

/** Why somebody is left out, or why it bounced; a code this version does not know is said as it is. */
export function useReasonText(): (reason: string) => string {
  const { t } = useTranslation();
  return (reason) => t(`campaigns.reasons.${reason}`, { defaultValue: reason });
}

/** Why a campaign stands still: a code of its own, of an error, or what the mail server said. */
export function useTroubleText(): (trouble: string) => string {
  const { t } = useTranslation();
  return (trouble) =>
    t(`campaigns.troubles.${trouble}`, { defaultValue: t(`errors.${trouble}`, { defaultValue: trouble }) });
}

export function useInstantOf(): (epochMs: number | null) => string {
  const format = useFormat();
  return (epochMs) => (epochMs === null ? '–' : format.instant(new Date(epochMs).toISOString()));
}
