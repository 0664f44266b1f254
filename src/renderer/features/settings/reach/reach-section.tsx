// How the organization is reached: from where, how often, and by which programs.
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { AddressForm } from '#renderer/features/settings/reach/address-form.tsx';
import { AllKeys } from '#renderer/features/settings/reach/all-keys.tsx';
import { LimitsForm } from '#renderer/features/settings/reach/limits-form.tsx';
import { PeopleUsage } from '#renderer/features/settings/reach/people-usage.tsx';
import { useAccessRules } from '#renderer/features/settings/reach/use-access-rules.ts';
import classes from '../settings.module.css';

export function ReachSection() {
  const { t } = useTranslation();
  const { state, problem, save } = useAccessRules();
  return (
    <>
      <h1>{t('settings.reach.title')}</h1>
      <p className={classes.lead}>{t('settings.reach.text')}</p>
      {state === null ? (
        <ServerProblem problem={problem} />
      ) : (
        <>
          <AllKeys state={state} save={save} />
          <AddressForm state={state} save={save} />
          <LimitsForm state={state} save={save} />
          <PeopleUsage />
        </>
      )}
    </>
  );
}
