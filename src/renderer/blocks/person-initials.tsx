import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { Initials } from '#renderer/ui/initials.tsx';
import classes from './person-initials.module.css';

/** A colleague with a dot that says who is connected. Nothing is said where nobody can tell. */
export function PersonInitials(props: {
  readonly userId: string;
  readonly name: string;
  readonly size?: number;
  readonly isDecorative?: boolean;
  /** Say also who is not there; otherwise only who is. */
  readonly showsAbsence?: boolean;
}) {
  const { t } = useTranslation();
  const { userId, showsAbsence, ...rest } = props;
  const isOnline = useAppSelector(({ device }) => (device.online === null ? null : device.online[userId] === true));
  const isShown = isOnline === true || (isOnline === false && showsAbsence === true);
  const label = t(isOnline === true ? 'presence.online' : 'presence.offline');
  return (
    <span className={classes.person} data-presence={isOnline === null ? undefined : isOnline ? 'online' : 'offline'}>
      <Initials {...rest} />
      {isShown ? (
        <span className={classes.dot} data-online={isOnline} role="img" aria-label={label} title={label} />
      ) : null}
    </span>
  );
}
