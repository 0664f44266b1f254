// How the organization is reached: from where, how often, and by which programs.
import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AddressForm } from '#renderer/features/settings/reach/address-form.tsx';
import { AllKeys } from '#renderer/features/settings/reach/all-keys.tsx';
import { LimitsForm } from '#renderer/features/settings/reach/limits-form.tsx';
import { PeopleUsage } from '#renderer/features/settings/reach/people-usage.tsx';
import { useAccessRules } from '#renderer/features/settings/reach/use-access-rules.ts';
import classes from '../settings.module.css';

export function ReachSection() {
  const { t } = useTranslation();
  const { state, error, save } = useAccessRules();
  return (
    <>
      <h1>{t('settings.reach.title')}</h1>
      <p className={classes.lead}>{t('settings.reach.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <AllKeys state={state} save={save} />
      {state === null ? null : <AddressForm state={state} save={save} />}
      {state === null ? null : <LimitsForm state={state} save={save} />}
      <PeopleUsage />
    </>
  );
}
