// The cover over a window nobody sat at for a while. What lies under it stays mounted, so that nothing typed is lost, but it is
// hidden, out of reach of the keyboard and of assistive technology, and so is whatever opens meanwhile.
import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { useBrand } from '#renderer/blocks/use-brand.ts';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { hideOthers } from '#renderer/app/lock/hide-others.ts';
import { useActivity } from '#renderer/app/lock/use-activity.ts';
import classes from './lock-cover.module.css';

export function LockCover() {
  const session = useAppSelector((state) => state.device.session);
  const isSignedIn = session?.status === 'signedIn';
  const isLocked = isSignedIn && session.isLocked === true;
  useActivity(isSignedIn && !isLocked);
  const brand = useBrand();
  if (!isLocked) return null;
  return <Cover name={session.actor.name} company={brand.name ?? session.tenantName} logo={brand.logo} />;
}

function Cover(props: { readonly name: string; readonly company: string; readonly logo: string | null }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [host] = useState(() => document.createElement('div'));
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** This window was to close, and waits for an answer that can be given only when it is uncovered. */
  const [isHeld, setHeld] = useState(false);
  useEffect(() => getBridge().on('typed.asked', () => setHeld(true)), []);
  const form = useRef<HTMLFormElement>(null);

  // Before anything is painted.
  useLayoutEffect(() => {
    document.body.append(host);
    const title = document.title;
    const before = document.activeElement;
    document.title = 'Outpost';
    const release = hideOthers(host);
    form.current?.querySelector('input')?.focus();
    return () => {
      release();
      if (before instanceof HTMLElement) before.focus();
      host.remove();
      document.title = title;
    };
  }, [host]);

  async function uncover(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'session.uncover', { password });
    } catch (failure) {
      setPassword('');
      const isPassword = toOutpostError(failure).code === 'wrong_credentials';
      setError(isPassword ? t('lock.wrong') : errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return createPortal(
    <main className={classes.cover} data-testid="lock-cover">
      <form
        ref={form}
        className={classes.card}
        onSubmit={(event) => {
          event.preventDefault();
          void uncover();
        }}
      >
        <Stack gap="sm">
          {props.logo === null ? null : <BrandLogo logo={props.logo} height={32} />}
          <h1 className={classes.title}>{t('lock.title')}</h1>
          <Text size="sm">{t('lock.text', { name: props.name, company: props.company })}</Text>
          {isHeld ? (
            <Alert color="yellow" role="status">
              {t('lock.held')}
            </Alert>
          ) : null}
          {error === null ? null : (
            <Alert color="red" role="alert">
              {error}
            </Alert>
          )}
          <PasswordInput
            label={t('welcome.password')}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            required
            visibilityToggleButtonProps={{ 'aria-label': t('welcome.showPassword') }}
          />
          <Button type="submit" loading={isBusy} disabled={password === ''}>
            {t('lock.open')}
          </Button>
          <Text size="xs" className="op-muted">
            {t('lock.forgotten')}
          </Text>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => void invokeMain(getBridge(), 'session.signOut', { unsent: 'keep' })}
          >
            {t('lock.signOut')}
          </Button>
        </Stack>
      </form>
    </main>,
    host,
  );
}
