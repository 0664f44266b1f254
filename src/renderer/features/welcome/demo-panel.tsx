import { Alert, Button, CopyButton, Group, Loader, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ChannelOutput } from '#shared/ipc/contract.ts';
import classes from './welcome.module.css';

type Demo = ChannelOutput<'session.startDemo'>;

/** Prepares the demo company, shows its people and their passwords once, and signs in as the chosen one. */
export function DemoPanel(props: { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [demo, setDemo] = useState<Demo | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busyEmail, setBusyEmail] = useState<string | null>(null);
  const isStarted = useRef(false);

  useEffect(() => {
    if (isStarted.current) return;
    isStarted.current = true;
    invokeMain(getBridge(), 'session.startDemo', {}).then(setDemo, (failure: unknown) => setError(errorText(failure)));
  }, [errorText]);

  async function enter(email: string, password: string): Promise<void> {
    if (demo === null) return;
    setBusyEmail(email);
    setError(null);
    try {
      await invokeMain(getBridge(), 'session.signIn', { serverUrl: demo.serverUrl, email, password });
    } catch (failure) {
      setError(errorText(failure));
      setBusyEmail(null);
    }
  }

  return (
    <Stack gap="sm">
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      {demo === null && error === null ? (
        <Group justify="center" py="lg" gap="sm">
          <Loader size="sm" aria-hidden />
          <Text size="sm" role="status">
            {t('welcome.demoPreparing')}
          </Text>
        </Group>
      ) : null}
      {demo === null ? null : (
        <>
          <p className={classes.note}>{t('welcome.demoReady', { company: demo.company })}</p>
          <table className={classes.users}>
            <thead>
              <tr>
                <th scope="col">{t('welcome.person')}</th>
                <th scope="col">{t('welcome.email')}</th>
                <th scope="col">{t('welcome.password')}</th>
                <th scope="col">
                  <span hidden>{t('welcome.signIn')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {demo.users.map((user) => (
                <tr
                  key={user.email}
                  data-testid={`demo-${user.role}`}
                  data-email={user.email}
                  data-password={user.password}
                >
                  <td>
                    <strong>{user.name}</strong>
                    <br />
                    <span className="op-muted">{t(`roles.${user.role}`)}</span>
                  </td>
                  <td data-selectable>{user.email}</td>
                  <td>
                    <CopyButton value={user.password}>
                      {({ copied, copy }) => (
                        <Button variant="subtle" color="gray" size="compact-xs" onClick={copy} title={t('common.copy')}>
                          <span className={classes.password}>{copied ? t('common.copied') : user.password}</span>
                        </Button>
                      )}
                    </CopyButton>
                  </td>
                  <td>
                    <Button
                      size="compact-xs"
                      variant={user.role === 'sales_rep' ? 'filled' : 'default'}
                      autoFocus={user.role === 'sales_rep'}
                      loading={busyEmail === user.email}
                      onClick={() => void enter(user.email, user.password)}
                      aria-label={t('welcome.enterAs', { name: user.name })}
                    >
                      {t('welcome.enter')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className={classes.note}>{t('welcome.passwordsOnce')}</p>
        </>
      )}
      <Group>
        <Button variant="subtle" color="gray" onClick={props.onBack}>
          {t('common.back')}
        </Button>
      </Group>
    </Stack>
  );
}
