// How people of the organization sign in with its own provider. Everything here is the server's: it is asked, and answers.
import { Alert, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { BreakGlass } from '#renderer/features/settings/sso/break-glass.tsx';
import { DomainList } from '#renderer/features/settings/sso/domain-list.tsx';
import { ProviderList } from '#renderer/features/settings/sso/provider-list.tsx';
import { useSso } from '#renderer/features/settings/sso/use-sso.ts';
import type { Actor } from '#shared/access/actor.ts';
import classes from '../settings.module.css';

export function SsoSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const sso = useSso();
  const { setup, problem, error } = sso;
  return (
    <>
      <h1>{t('settings.sso.title')}</h1>
      <p className={classes.lead}>{t('settings.sso.text')}</p>
      {setup === null ? <ServerProblem problem={problem} /> : null}
      {error === null ? null : (
        <Alert color="red" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {setup === null && problem === null ? <Loader size="sm" aria-hidden /> : null}
      {setup === null ? null : (
        <>
          {setup.addresses === null ? (
            <Alert color="yellow" mb="md">
              {t('errors.sso_not_set_up')}
            </Alert>
          ) : null}
          <ProviderList actor={props.actor} setup={setup} sso={sso} />
          <DomainList setup={setup} sso={sso} />
          <BreakGlass setup={setup} sso={sso} />
        </>
      )}
    </>
  );
}
