// The first window: try the demo company, connect to a server, sign in, unlock. Nothing here needs the local database.
import { IconBuildingStore, IconMailOpened, IconServer } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { UnstyledButton } from '@mantine/core';
import { useBrand } from '#renderer/blocks/use-brand.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ChallengePanel } from '#renderer/features/welcome/challenge-panel.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { noBrand } from '#shared/brand/brand.ts';
import type { InvitationLink } from '#shared/sync/invitation-link.ts';
import { JoinPanel } from '#renderer/features/welcome/join-panel.tsx';
import { DemoPanel } from '#renderer/features/welcome/demo-panel.tsx';
import { KeychainPanel } from '#renderer/features/welcome/keychain-panel.tsx';
import { LeasePanel } from '#renderer/features/welcome/lease-panel.tsx';
import { SignInPanel } from '#renderer/features/welcome/sign-in-panel.tsx';
import { UnlockPanel } from '#renderer/features/welcome/unlock-panel.tsx';
import classes from './welcome.module.css';

export function WelcomeScreen() {
  const { t } = useTranslation();
  const session = useAppSelector((state) => state.device.session);
  const info = useAppSelector((state) => state.device.info);
  const known = useBrand();
  const [choice, setChoice] = useState<'none' | 'start' | 'demo' | 'server' | 'join'>('none');
  // Whoever goes back stands where the way began.
  const [left, setLeft] = useState<'demo' | 'server' | 'join' | null>(null);
  const goBack = (from: 'demo' | 'server' | 'join', to: 'none' | 'start'): void => {
    setLeft(from);
    setChoice(to);
  };
  const [invitation, setInvitation] = useState<InvitationLink | null>(null);
  const isOut = session?.status === 'firstRun' || session?.status === 'signedOut';
  // A link that was opened while somebody is signed in waits until nobody is.
  useEffect(() => {
    if (!isOut) return;
    const take = (): void =>
      void invokeMain(getBridge(), 'invitation.opened', {}).then((opened) => {
        if (opened === null) return;
        setInvitation(opened);
        setChoice('join');
      });
    take();
    return getBridge().on('invitation.came', take);
  }, [isOut]);
  // Whatever way somebody began: who goes back from a second factor stands at the sign-in, with the address filled in.
  if (session?.status === 'challenged' && choice !== 'none') setChoice('none');
  if (session === null || session.status === 'signedIn') return null;

  function panel() {
    if (session?.status === 'challenged') return <ChallengePanel session={session} />;
    if (session?.status === 'leaseEnded') return <LeasePanel session={session} />;
    if (session?.status === 'locked' && session.reason === 'keychainAway') return <KeychainPanel />;
    if (session?.status === 'locked') return <UnlockPanel isNew={session.reason === 'choosePassphrase'} />;
    // Who signed out may be somebody else the next time, or want the demo company, whose passwords were shown once.
    if (session?.status === 'signedOut' && choice === 'none')
      return (
        <SignInPanel
          serverUrl={session.serverUrl}
          email={session.email}
          reason={session.reason}
          onBack={() => goBack('server', 'start')}
        />
      );
    if (choice === 'join')
      return (
        <JoinPanel
          key={invitation === null ? 'pasted' : `${invitation.email} ${invitation.code ?? ''}`}
          invitation={invitation}
          onBack={() => {
            setInvitation(null);
            goBack('join', 'start');
          }}
        />
      );
    if (choice === 'demo') return <DemoPanel onBack={() => goBack('demo', 'none')} />;
    if (choice === 'server')
      return <SignInPanel serverUrl={null} email={null} onBack={() => goBack('server', 'none')} />;
    return (
      <div className={classes.choices}>
        <UnstyledButton
          className={classes.choice}
          autoFocus={left === 'demo'}
          onClick={() => setChoice('demo')}
          disabled={info?.hasDemo === false}
        >
          <IconBuildingStore size={26} stroke={1.5} aria-hidden />
          <span className={classes.choiceTitle}>{t('welcome.demo')}</span>
          <span className={classes.choiceText}>
            {info?.hasDemo === false ? t('welcome.demoUnavailable') : t('welcome.demoText')}
          </span>
        </UnstyledButton>
        <UnstyledButton className={classes.choice} autoFocus={left === 'server'} onClick={() => setChoice('server')}>
          <IconServer size={26} stroke={1.5} aria-hidden />
          <span className={classes.choiceTitle}>{t('welcome.connect')}</span>
          <span className={classes.choiceText}>{t('welcome.connectText')}</span>
        </UnstyledButton>
        <UnstyledButton className={classes.choice} autoFocus={left === 'join'} onClick={() => setChoice('join')}>
          <IconMailOpened size={26} stroke={1.5} aria-hidden />
          <span className={classes.choiceTitle}>{t('invitations.have')}</span>
          <span className={classes.choiceText}>{t('invitations.haveText')}</span>
        </UnstyledButton>
      </div>
    );
  }

  // Whoever looks for another server, or the demo company, is not at the sign-in of this organization any more.
  const brand = choice === 'none' ? known : noBrand;
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <header className={classes.brand}>
          {brand.logo === null ? <Mark /> : <BrandLogo logo={brand.logo} height={44} width={240} />}
          <h1>{brand.name ?? t('welcome.title')}</h1>
          <p>{brand.name === null ? t('welcome.text') : t('welcome.branded')}</p>
        </header>
        {panel()}
      </div>
      <footer className={classes.footer}>
        {t('welcome.version', { version: info?.version ?? '' })}
        {info?.host === 'chromium' ? ` · ${t('shell.chromiumHostHint')}` : ''}
      </footer>
    </main>
  );
}

function Mark() {
  return (
    <svg width="44" height="44" viewBox="0 0 44 44" aria-hidden>
      <rect width="44" height="44" rx="11" fill="var(--mantine-primary-color-filled)" />
      <path d="M12 31 L22 11 L32 31 Z" fill="none" stroke="#fff" strokeWidth="3" strokeLinejoin="round" />
      <path d="M17.5 31 V25 H26.5 V31" fill="none" stroke="#fff" strokeWidth="3" strokeLinejoin="round" />
    </svg>
  );
}
