import { IconDeviceLaptop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './pending-mark.module.css';

/** Shown beside a record with work the server has not answered yet: it is safe, on this computer. */
export function PendingMark(props: { readonly pending: readonly string[]; readonly withText?: boolean }) {
  const { t } = useTranslation();
  if (props.pending.length === 0) return null;
  return (
    <span className={classes.mark} title={t('sync.savedOnThisComputer')} data-testid="pending-mark">
      <IconDeviceLaptop size={13} aria-hidden />
      {props.withText === true ? (
        <span>{t('sync.savedOnThisComputer')}</span>
      ) : (
        <span className={classes.hidden}>{t('sync.savedOnThisComputer')}</span>
      )}
    </span>
  );
}
