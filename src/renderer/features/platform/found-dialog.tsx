import { Alert, Button, CopyButton, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { usePlanName } from '#renderer/blocks/use-plan-name.ts';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import type { Founded } from '#shared/platform/platform-messages.ts';
import { UNLIMITED_PLAN } from '#shared/platform/plans.ts';
import classes from './platform.module.css';

/** Founds an organization; the password of its first administrator is shown once. */
export function FoundDialog(props: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const plans = usePlatform('listPlans', {});
  const planNameOf = usePlanName();
  const doing = useDoing();
  const [name, setName] = useState('');
  const [adminEmail, setAdminEmail] = useState('');
  const [planId, setPlanId] = useState(UNLIMITED_PLAN);
  const [founded, setFounded] = useState<Founded | null>(null);

  async function found(): Promise<void> {
    await doing.run(
      async () =>
        setFounded(
          await askPlatform('createOrganization', { name: name.trim(), adminEmail: adminEmail.trim(), planId }),
        ),
      '',
    );
  }

  return (
    <FormDialog
      isOpen
      title={t('platform.organizations.found')}
      isTyped={founded === null && (name !== '' || adminEmail !== '')}
      isStrict={founded !== null}
      onClose={props.onClose}
    >
      {(cancel) =>
        founded === null ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              void found();
            }}
          >
            <Stack gap="sm">
              {doing.error === null ? null : (
                <Alert color="yellow" role="alert">
                  {doing.error}
                </Alert>
              )}
              <TextInput
                data-autofocus
                required
                label={t('platform.organizations.name')}
                maxLength={120}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                required
                type="email"
                label={t('platform.organizations.admin')}
                description={t('platform.organizations.adminText')}
                maxLength={254}
                value={adminEmail}
                onChange={(event) => setAdminEmail(event.currentTarget.value)}
              />
              <Select
                label={t('platform.organizations.plan')}
                data={(plans.answer?.plans ?? []).map((plan) => ({ value: plan.id, label: planNameOf(plan) }))}
                value={planId}
                allowDeselect={false}
                onChange={(value) => setPlanId(value ?? UNLIMITED_PLAN)}
              />
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={cancel}>
                  {t('common.cancel')}
                </Button>
                <Button type="submit" loading={doing.isBusy} disabled={name.trim() === '' || adminEmail.trim() === ''}>
                  {t('platform.organizations.create')}
                </Button>
              </Group>
            </Stack>
          </form>
        ) : (
          <Handover email={founded.email} password={founded.password} onClose={props.onClose} />
        )
      }
    </FormDialog>
  );
}

/** A way in that is shown once. */
export function Handover(props: { readonly email: string; readonly password: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm">{t('platform.handover.text')}</Text>
      <div>
        <div className={classes.muted}>{t('platform.handover.email')}</div>
        <code className={classes.secret}>{props.email}</code>
      </div>
      <div>
        <div className={classes.muted}>{t('platform.handover.password')}</div>
        <Group gap="sm">
          <code className={classes.secret} data-testid="one-time-password">
            {props.password}
          </code>
          <CopyButton value={`${props.email}\n${props.password}`}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? t('common.copied') : t('platform.handover.copy')}
              </Button>
            )}
          </CopyButton>
        </Group>
      </div>
      <Group justify="flex-end">
        <Button onClick={props.onClose}>{t('common.close')}</Button>
      </Group>
    </Stack>
  );
}
