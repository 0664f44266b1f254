// How the user signs in: second factors, recovery codes, who signed in to the account. It takes the server, which decides.
import { Button, Group, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ChangeDialog, type FactorChange } from '#renderer/features/settings/security/change-dialog.tsx';
import { SignInHistoryTable } from '#renderer/features/settings/security/sign-in-history.tsx';
import { useOwnFactors } from '#renderer/features/settings/security/use-own-factors.ts';
import classes from '#renderer/features/settings/settings.module.css';
import type { OwnFactors, SignInHistory } from '#shared/sync/sign-in-messages.ts';

export function SecuritySection() {
  const { t } = useTranslation();
  const { own, problem, readAgain } = useOwnFactors();
  const [change, setChange] = useState<FactorChange | null>(null);
  const close = (): void => {
    setChange(null);
    readAgain();
  };
  return (
    <>
      <h1>{t('settings.security.title')}</h1>
      <p className={classes.lead}>{t('settings.security.text')}</p>
      <ServerProblem problem={problem} />
      {own === null ? null : <FactorList own={own} onChange={setChange} />}
      {own === null || change === null ? null : <ChangeDialog change={change} own={own} onClose={close} />}
      <OwnHistory />
    </>
  );
}

function FactorList(props: { readonly own: OwnFactors; readonly onChange: (change: FactorChange) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { own, onChange } = props;
  const hasApp = own.factors.some(({ kind }) => kind === 'totp');
  const nameOf = ({ kind, name }: OwnFactors['factors'][number]): string => name || t(`factors.kind.${kind}`);
  return (
    <section className={classes.form} style={{ maxWidth: 640 }} aria-label={t('factors.title')}>
      <Text size="sm" fw={540} component="h2">
        {t('factors.title')}
      </Text>
      <p className={classes.note}>{t(own.isRequired ? 'factors.isRequired' : 'factors.isOptional')}</p>
      {own.factors.map((factor) => (
        <Group key={factor.id} justify="space-between" data-testid="factor">
          <span>
            {nameOf(factor)}
            <span className={classes.address}>
              {t('factors.since', { date: format.instant(factor.createdAt) })}
              {factor.lastUsedAt === null ? '' : ` · ${t('factors.used', { ago: format.ago(factor.lastUsedAt) })}`}
            </span>
          </span>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('factors.removeNamed', { name: nameOf(factor) })}
            onClick={() => onChange({ kind: 'remove', id: factor.id, name: nameOf(factor) })}
          >
            {t('factors.remove')}
          </Button>
        </Group>
      ))}
      <Group>
        <Button variant={own.factors.length === 0 ? 'filled' : 'default'} onClick={() => onChange({ kind: 'addApp' })}>
          {t(hasApp ? 'factors.replaceApp' : 'factors.addApp')}
        </Button>
        <Button variant="default" onClick={() => onChange({ kind: 'addPasskey' })}>
          {t('passkeys.add')}
        </Button>
      </Group>
      {own.factors.length === 0 ? null : (
        <Group justify="space-between">
          <span data-testid="codes-left">{t('factors.codesLeft', { count: own.recoveryCodesLeft })}</span>
          <Button variant="default" size="compact-sm" onClick={() => onChange({ kind: 'renewCodes' })}>
            {t('factors.renew')}
          </Button>
        </Group>
      )}
    </section>
  );
}

function OwnHistory() {
  const { t } = useTranslation();
  const [events, setEvents] = useState<SignInHistory['events'] | null>(null);
  const read = useCallback(
    () => invokeMain(getBridge(), 'factors.signIns', {}).then((told) => setEvents(told.events)),
    [],
  );
  const { problem } = useServerRead(read);
  return (
    <section aria-label={t('factors.history.title')}>
      <Text size="sm" fw={540} component="h2">
        {t('factors.history.title')}
      </Text>
      <p className={classes.note}>{t('factors.history.text')}</p>
      {problem === null || problem.isAway ? null : <p className={classes.note}>{problem.text}</p>}
      {events === null ? null : <SignInHistoryTable events={events} />}
    </section>
  );
}
