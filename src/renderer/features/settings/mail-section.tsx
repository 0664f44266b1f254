import { Alert, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useMailState } from '#renderer/blocks/use-mail-state.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import classes from './settings.module.css';

/** Whether the server can send mail, and a mail to try it. What it is set up with never comes here. */
export function MailSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const mail = useMailState();
  const [isTrying, setTrying] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');

  async function tryMail(): Promise<void> {
    setTrying(true);
    setError(null);
    setDone('');
    try {
      await invokeMain(getBridge(), 'mail.test', {});
      setDone(t('settings.mail.tested', { address: props.actor.email }));
    } catch (failure) {
      // What the mail server answered tells an administrator what to mend.
      const answer = failure instanceof OutpostError && failure.code === 'mail_failed' ? ` ${failure.message}` : '';
      setError(`${errorText(failure)}${answer}`);
    } finally {
      setTrying(false);
    }
  }

  return (
    <section>
      <Text fw={600} component="h1">
        {t('settings.mail.title')}
      </Text>
      <p className={classes.lead}>{t('settings.mail.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      <p role="status">
        {mail === null
          ? t('schedules.mailUnknown')
          : mail.isSetUp
            ? t('settings.mail.setUp', { from: mail.from ?? '' })
            : t('settings.mail.notSetUp')}
      </p>
      <Button variant="default" disabled={mail?.isSetUp !== true} loading={isTrying} onClick={() => void tryMail()}>
        {t('settings.mail.test')}
      </Button>
      <p role="status">{done}</p>
    </section>
  );
}
