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
  const { userId, showsAbsence, ...rest } = props;
  const isOnline = useAppSelector(({ device }) => (device.online === null ? null : device.online[userId] === true));
  const isShown = isOnline === true || (isOnline === false && showsAbsence === true);
  return (
    <span className={classes.person} data-presence={isOnline === null ? undefined : isOnline ? 'online' : 'offline'}>
      <Initials {...rest} />
      {isShown ? <PresenceDot isOnline={isOnline} /> : null}
    </span>
  );
}

function PresenceDot(props: { readonly isOnline: boolean }) {
  const { t } = useTranslation();
  const label = t(props.isOnline ? 'presence.online' : 'presence.offline');
  return <span className={classes.dot} data-online={props.isOnline} role="img" aria-label={label} title={label} />;
}
