import { IconLockPause } from '@tabler/icons-react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import classes from './role-banner.module.css';

const closures: ReadonlySet<string> = new Set(['organization_suspended', 'under_maintenance']);

/** Says why the server answers nobody of the organization, as long as it does, and that nothing is lost meanwhile. */
export function ClosureBanner() {
  const errorText = useErrorText();
  const error = useAppSelector((state) => state.device.sync?.error ?? null);
  if (error === null || !closures.has(error.code)) return null;
  return (
    <div className={classes.banner} role="status" data-testid="closure-banner">
      <IconLockPause size={16} aria-hidden />
      <span>{errorText(error)}</span>
    </div>
  );
}
