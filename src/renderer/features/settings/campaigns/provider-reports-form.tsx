// What the provider tells of mails it took over: the address to enter there, what its calls are verified with, and what came of
// the last one. The key goes to the server and never comes back; the topic of Amazon is no secret.
import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCampaignCall, usePolledCampaigns } from '#renderer/blocks/campaigns/use-campaign-calls.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { CopyValue } from '#renderer/features/settings/sso/copy-value.tsx';
import classes from '#renderer/features/settings/settings.module.css';
import type { ProviderReportsState, ReportingProvider } from '#shared/campaigns/provider-reports.ts';

const LOOK_EVERY_MS = 15_000;

export function ProviderReportsForm({ provider }: { readonly provider: ReportingProvider }) {
  const { t } = useTranslation();
  const { data, error, refresh } = usePolledCampaigns('readProviderReports', { provider }, LOOK_EVERY_MS);
  const name = t(`settings.campaigns.kinds.${provider}`);
  return (
    <section aria-labelledby="provider-reports">
      <Text fw={600} component="h2" id="provider-reports" mt="xl">
        {t('settings.reports.title', { name })}
      </Text>
      <p className={classes.lead}>{t('settings.reports.text', { name })}</p>
      {data === null ? (
        error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )
      ) : (
        <Reports known={data} name={name} refresh={refresh} />
      )}
    </section>
  );
}

function Reports(props: { readonly known: ProviderReportsState; readonly name: string; readonly refresh: () => void }) {
  const { t } = useTranslation();
  const { ask, isAsking, error } = useCampaignCall();
  const { known, name, refresh } = props;
  const { provider } = known;
  const [key, setKey] = useState(known.topic ?? '');
  const isTopic = provider === 'ses';
  const isChanged = isTopic ? key.trim() !== (known.topic ?? '') : key !== '';
  useTypedForm(isChanged);

  async function save(next: string): Promise<void> {
    const answer = await ask('saveProviderReports', { provider, key: next });
    if (answer === null) return;
    setKey(answer.topic ?? '');
    refresh();
  }

  return (
    <form
      aria-labelledby="provider-reports"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) void save(key);
      }}
    >
      <Stack gap="sm" maw={560}>
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        {known.address === null ? (
          <p className={classes.note}>{t('settings.reports.noAddress', { name })}</p>
        ) : (
          <CopyValue label={t('settings.reports.address', { name })} value={known.address} />
        )}
        <p className={classes.note}>{t(`settings.reports.how.${provider}`)}</p>
        {isTopic ? (
          <TextInput
            label={t('settings.reports.topic')}
            placeholder="arn:aws:sns:eu-central-1:123456789012:outpost"
            description={t('settings.reports.topicHint')}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
        ) : (
          <PasswordInput
            label={t(`settings.reports.key.${provider}`)}
            description={t(known.hasKey ? 'settings.campaigns.secretKept' : 'settings.campaigns.secretHint')}
            autoComplete="off"
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
        )}
        <LastCall known={known} name={name} />
        <Group gap="xs">
          <Button type="submit" disabled={!isChanged} loading={isAsking}>
            {t('common.save')}
          </Button>
          {known.hasKey ? (
            <Button variant="default" loading={isAsking} onClick={() => void save('')}>
              {t('settings.reports.stop')}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

/** When it called last, and whether that was taken; a refused call says what to look at. */
function LastCall({ known, name }: { readonly known: ProviderReportsState; readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { calledAt, trouble, taken, takenAt, hasKey } = known;
  const instant = (epochMs: number): string => format.instant(new Date(epochMs).toISOString());
  if (calledAt === null)
    return <p role="status">{t(hasKey ? 'settings.reports.never' : 'settings.reports.notSetUp', { name })}</p>;
  if (trouble !== null)
    return (
      <Alert color="yellow" role="alert" data-trouble={trouble}>
        <Text size="sm" fw={600}>
          {t('settings.reports.refused', { at: instant(calledAt) })}
        </Text>
        {t(`settings.reports.troubles.${trouble}`, { name })}
      </Alert>
    );
  return (
    <p role="status" data-taken={taken}>
      {t('settings.reports.accepted', { at: instant(calledAt) })}{' '}
      {taken === 0 || takenAt === null
        ? t('settings.reports.nothing')
        : t('settings.reports.taken', { count: taken, formatted: format.number(taken), at: instant(takenAt) })}
    </p>
  );
}
