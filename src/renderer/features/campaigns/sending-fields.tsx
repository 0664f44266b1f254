// When it goes out, how fast, and whether two subjects are compared first.
import { NativeSelect, SegmentedControl, Stack, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useUnknown } from '#renderer/features/campaigns/mail-content-fields.tsx';
import type { CampaignDraft } from '#renderer/features/campaigns/use-campaign-draft.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { campaignVariables } from '#shared/mail/mail-variables.ts';
import classes from './campaigns.module.css';

const HOUR_MS = 3_600_000;

/** The next full hour but one. */
function soon(): string {
  return new Date((Math.floor(Date.now() / HOUR_MS) + 2) * HOUR_MS).toISOString();
}

/** `isFollowUp`: its time comes from the campaign it follows. */
export function SendingFields({ draft, isFollowUp }: { readonly draft: CampaignDraft; readonly isFollowUp: boolean }) {
  const { t } = useTranslation();
  const { values, change, problems } = draft;
  const scheduledAt = textOf(values['scheduledAt'] ?? '');
  return (
    <Stack gap="sm">
      {isFollowUp ? null : (
        <div className={classes.line}>
          <SegmentedControl
            size="xs"
            aria-label={t('campaigns.sending.when')}
            value={scheduledAt === '' ? 'now' : 'later'}
            onChange={(when) => change({ scheduledAt: when === 'now' ? null : soon() })}
            data={(['now', 'later'] as const).map((value) => ({ value, label: t(`campaigns.sending.${value}`) }))}
          />
          {scheduledAt === '' ? null : (
            <MomentInput
              isAhead
              size="xs"
              w={210}
              aria-label={t('fields.campaign.scheduledAt')}
              value={scheduledAt}
              onChange={(next) => change({ scheduledAt: next })}
            />
          )}
        </div>
      )}
      <Switch
        label={t('campaigns.sending.bestTime')}
        description={t('campaigns.sending.bestTimeHint')}
        checked={values['bestTime'] === true}
        onChange={(event) => change({ bestTime: event.currentTarget.checked })}
      />
      <TypedNumberInput
        w={260}
        label={t('fields.campaign.perHour')}
        description={t('campaigns.sending.perHourHint')}
        currency={null}
        value={values['perHour']}
        error={problemText(problems.get('perHour'), 1, 1_000_000)}
        onChange={(perHour) => change({ perHour })}
      />
      <div className={classes.line}>
        <Switch
          label={t('fields.campaign.trackOpens')}
          checked={values['trackOpens'] !== false}
          onChange={(event) => change({ trackOpens: event.currentTarget.checked })}
        />
        <Switch
          label={t('fields.campaign.trackClicks')}
          checked={values['trackClicks'] !== false}
          onChange={(event) => change({ trackClicks: event.currentTarget.checked })}
        />
      </div>
    </Stack>
  );

  function problemText(code: string | undefined, least: number, most: number): string | undefined {
    return code === 'range' ? t('campaigns.sending.range', { least, most }) : undefined;
  }
}

export function TestFields({ draft }: { readonly draft: CampaignDraft }) {
  const { t } = useTranslation();
  const { values, change, problems } = draft;
  const subjectB = textOf(values['subjectB'] ?? '');
  const isOn = typeof values['testShare'] === 'number' || typeof values['testShare'] === 'string';
  const unknown = useUnknown(subjectB, campaignVariables);
  const range = (field: string, least: number, most: number): string | undefined =>
    problems.get(field) === 'range' ? t('campaigns.sending.range', { least, most }) : undefined;
  return (
    <Stack gap="sm">
      <Switch
        label={t('campaigns.test.isOn')}
        description={t('campaigns.test.hint')}
        checked={isOn}
        onChange={(event) =>
          change(
            event.currentTarget.checked
              ? { testShare: 20, testBy: 'opened', testHours: 4 }
              : { testShare: null, testBy: null, testHours: null, subjectB: null },
          )
        }
      />
      {isOn ? (
        <>
          <TextInput
            label={t('fields.campaign.subjectB')}
            withAsterisk
            maxLength={300}
            value={subjectB}
            error={unknown ?? (problems.get('subjectB') === 'required' ? t('problems.required') : undefined)}
            onChange={(event) => change({ subjectB: event.currentTarget.value })}
          />
          <div className={classes.triple}>
            <TypedNumberInput
              label={t('campaigns.test.share')}
              currency={null}
              value={values['testShare']}
              error={range('testShare', 2, 100)}
              onChange={(testShare) => change({ testShare: testShare ?? '' })}
            />
            <NativeSelect
              label={t('fields.campaign.testBy')}
              value={values['testBy'] === 'clicked' ? 'clicked' : 'opened'}
              data={(['opened', 'clicked'] as const).map((value) => ({
                value,
                label: t(`options.campaign.testBy.${value}`),
              }))}
              onChange={(event) => change({ testBy: event.currentTarget.value })}
            />
            <TypedNumberInput
              label={t('campaigns.test.hours')}
              currency={null}
              value={values['testHours']}
              error={range('testHours', 1, 168)}
              onChange={(testHours) => change({ testHours })}
            />
          </div>
        </>
      ) : null}
    </Stack>
  );
}
