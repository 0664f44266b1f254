import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { SignInWay } from '#renderer/features/settings/use-sign-in-ways.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import classes from './settings.module.css';

/** Whether somebody can sign in, and the button that changes it. Nothing is known without the server. */
export function SignInCell(props: {
  readonly name: string;
  readonly isActive: boolean;
  readonly way: SignInWay | undefined;
  readonly onGive: () => void;
}) {
  const { t } = useTranslation();
  const { way } = props;
  if (!props.isActive) return <span className="op-muted">{t('settings.users.switchedOff')}</span>;
  if (way === undefined) return <span className="op-muted">–</span>;
  const isNone = way.state === 'none';
  return (
    <span className={classes.way}>
      <WayText way={way} />
      <Button
        size="compact-xs"
        variant={isNone ? 'filled' : 'default'}
        onClick={props.onGive}
        aria-label={t(isNone ? 'settings.users.createFor' : 'settings.users.renewFor', { name: props.name })}
      >
        {t(isNone ? 'settings.users.create' : 'settings.users.renew')}
      </Button>
    </span>
  );
}

function WayText(props: { readonly way: SignInWay }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, validUntil } = props.way;
  if (state === 'none') return <Pill tone="warn">{t('settings.users.way.none')}</Pill>;
  if (state === 'own' || validUntil === null) return <Pill>{t('settings.users.way.own')}</Pill>;
  if (state === 'expired') return <Pill tone="warn">{t('settings.users.way.expired')}</Pill>;
  return <Pill tone="accent">{t('settings.users.way.oneTime', { date: format.shortDay(validUntil) })}</Pill>;
}
