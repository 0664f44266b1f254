import { Alert, Button, Group, Select, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ProveForm } from '#renderer/features/settings/security/prove-form.tsx';
import { SignInHistoryTable } from '#renderer/features/settings/security/sign-in-history.tsx';
import { useOwnFactors } from '#renderer/features/settings/security/use-own-factors.ts';
import classes from '#renderer/features/settings/settings.module.css';
import { textOf } from '#shared/kernel/text-of.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { SignInHistory } from '#shared/sync/sign-in-messages.ts';

/** What happened at the door of one colleague, and taking away factors that were lost. */
export function ColleagueSignIns() {
  const { t } = useTranslation();
  const [userId, setUserId] = useState<string | null>(null);
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const people = (data?.rows ?? []).map((user) => ({ value: user.id, label: textOf(user['name']) }));
  const name = people.find(({ value }) => value === userId)?.label ?? '';
  return (
    <section aria-label={t('settings.signInRules.person')}>
      <Text size="sm" fw={540} component="h2">
        {t('settings.signInRules.person')}
      </Text>
      <p className={classes.lead}>{t('settings.signInRules.personText')}</p>
      <Select
        label={t('settings.signInRules.choose')}
        data={people}
        value={userId}
        onChange={setUserId}
        searchable
        clearable
        w={320}
        mb="md"
      />
      {userId === null ? null : <OnePerson key={userId} userId={userId} name={name} />}
    </section>
  );
}

function OnePerson(props: { readonly userId: string; readonly name: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { userId, name } = props;
  const { own, readAgain } = useOwnFactors();
  const [events, setEvents] = useState<SignInHistory['events'] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [step, setStep] = useState<'none' | 'sure' | 'prove' | 'done'>('none');
  const read = useCallback(
    () => invokeMain(getBridge(), 'users.signIns', { userId }).then((told) => setEvents(told.events)),
    [userId],
  );
  const { problem } = useServerRead(read);

  async function takeAway(): Promise<void> {
    setError(null);
    try {
      await invokeMain(getBridge(), 'users.takeFactorsAway', { userId });
      setStep('done');
    } catch (failure) {
      if (toOutpostError(failure).code === 'proof_required') setStep('prove');
      else setError(errorText(failure));
    }
  }

  return (
    <>
      <ServerProblem problem={problem} />
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {events === null ? null : <SignInHistoryTable events={events} />}
      <p role="status">{step === 'done' ? t('settings.signInRules.taken', { name }) : ''}</p>
      {step === 'prove' && own !== null ? (
        <div className={classes.form}>
          <ProveForm
            own={own}
            onProved={() => {
              readAgain();
              void takeAway();
            }}
            onBack={() => setStep('none')}
          />
        </div>
      ) : null}
      {step === 'sure' ? (
        <Alert color="red" title={t('settings.signInRules.sure', { name })}>
          <p>{t('settings.signInRules.sureText')}</p>
          <Group>
            <Button variant="default" onClick={() => setStep('none')} autoFocus>
              {t('common.cancel')}
            </Button>
            <Button color="red" onClick={() => void takeAway()}>
              {t('settings.signInRules.take')}
            </Button>
          </Group>
        </Alert>
      ) : null}
      {step === 'none' && events !== null ? (
        <Button variant="default" onClick={() => setStep('sure')}>
          {t('settings.signInRules.take')}
        </Button>
      ) : null}
    </>
  );
}
