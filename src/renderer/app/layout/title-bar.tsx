import { Breadcrumbs } from '#renderer/app/layout/breadcrumbs.tsx';
import { SyncChip } from '#renderer/app/layout/sync-chip.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import { useTranslation } from 'react-i18next';
import classes from './title-bar.module.css';

export function TitleBar(props: { readonly onCommand: (command: string) => void }) {
  const { t } = useTranslation();
  const host = useAppSelector((state) => state.device.info?.host);
  return (
    <section className={classes.bar} aria-label={t('shell.bar')}>
      <Breadcrumbs />
      {host === 'chromium' ? <Pill title={t('shell.chromiumHostHint')}>{t('shell.chromiumHost')}</Pill> : null}
      <SyncChip onCommand={props.onCommand} />
    </section>
  );
}
