import { IconEyeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/blocks/field-lock.module.css';

/** What stands in place of a masked value: marked for the eye, and said for screen readers. */
export function MaskedText(props: { readonly text: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.masked} data-masked title={t('masked.title')}>
      <IconEyeOff size={13} role="img" aria-label={t('masked.label')} />
      {props.text}
    </span>
  );
}
