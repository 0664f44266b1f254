import { IconDeviceLaptop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './pending-mark.module.css';

/** Shown beside a record with work the server has not answered yet: it is safe, on this computer. */
export function PendingMark(props: { readonly pending: readonly string[]; readonly withText?: boolean }) {
  return props.pending.length === 0 ? null : <SavedHere withText={props.withText === true} />;
}

function SavedHere(props: { readonly withText: boolean }) {
  const { t } = useTranslation();
  const saved = t('sync.savedOnThisComputer');
  return (
    <span className={classes.mark} title={saved} data-testid="pending-mark">
      <IconDeviceLaptop size={13} aria-hidden />
      <span className={props.withText ? undefined : classes.hidden}>{saved}</span>
    </span>
  );
}
