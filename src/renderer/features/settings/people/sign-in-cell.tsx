import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { SignInWay } from '#renderer/features/settings/people/use-sign-in-ways.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import classes from '../settings.module.css';

/** Whether somebody can sign in, and the button for who cannot yet. Nothing is known without the server. */
export function SignInCell(props: {
  readonly name: string;
  readonly isActive: boolean;
  readonly way: SignInWay | undefined;
  readonly onGive: () => void;
}) {
  const { t } = useTranslation();
  const { way } = props;
  if (!props.isActive) return <Pill>{t('settings.users.switchedOff')}</Pill>;
  if (way === undefined) return <span className="op-muted">–</span>;
  return (
    <span className={classes.way}>
      <WayText way={way} />
      {way.state === 'none' || way.state === 'expired' ? (
        <Button
          size="compact-xs"
          onClick={props.onGive}
          aria-label={t(way.state === 'none' ? 'people.inviteNamed' : 'people.inviteAgainNamed', { name: props.name })}
        >
          {t(way.state === 'none' ? 'people.invite' : 'people.inviteAgain')}
        </Button>
      ) : null}
    </span>
  );
}

function WayText(props: { readonly way: SignInWay }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, validUntil, invitedAt, mailedTo } = props.way;
  if (state === 'none') return <Pill tone="warn">{t('settings.users.way.none')}</Pill>;
  if (state === 'own' || validUntil === null) return <Pill>{t('settings.users.way.own')}</Pill>;
  const isInvited = (invitedAt ?? null) !== null;
  const until = format.shortDay(validUntil);
  if (state === 'expired')
    return <Pill tone="warn">{t(isInvited ? 'people.way.expired' : 'settings.users.way.expired')}</Pill>;
  if (!isInvited) return <Pill tone="accent">{t('settings.users.way.oneTime', { date: until })}</Pill>;
  return (
    <Pill
      tone="accent"
      title={t((mailedTo ?? null) === null ? 'people.way.byHand' : 'people.mailedTo', { email: mailedTo })}
    >
      {t('people.way.invited', { date: until })}
    </Pill>
  );
}
