// The window of the sync doctor: how this computer stands to its server, in the order in which one asks. It shows what the
// main process says and changes nothing but by the two buttons that say so.
import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { CheckPanel } from '#renderer/features/doctor/check-panel.tsx';
import { ConnectionPanel } from '#renderer/features/doctor/connection-panel.tsx';
import { ErrorsPanel } from '#renderer/features/doctor/errors-panel.tsx';
import { JournalPanel } from '#renderer/features/doctor/journal-panel.tsx';
import { LocalDataPanel } from '#renderer/features/doctor/local-data-panel.tsx';
import { PendingPanel } from '#renderer/features/doctor/pending-panel.tsx';
import { ReportDialog } from '#renderer/features/doctor/report-dialog.tsx';
import { TimingsPanel } from '#renderer/features/doctor/timings-panel.tsx';
import { useSnapshot } from '#renderer/features/doctor/use-snapshot.ts';
import { Page } from '#renderer/ui/page.tsx';
import classes from './doctor.module.css';

export function DoctorScreen() {
  const { t } = useTranslation();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <p className={classes.signedOut}>{t('doctor.signedOut')}</p>;
  return <Doctor tenantName={session.tenantName} serverUrl={session.serverUrl} />;
}

function Doctor(props: { readonly tenantName: string; readonly serverUrl: string }) {
  const { t } = useTranslation();
  const { snapshot, error } = useSnapshot();
  const [isReporting, setReporting] = useState(false);
  return (
    <main className={classes.window} data-testid="doctor">
      <Page
        title={t('doctor.title')}
        subtitle={`${props.tenantName} · ${props.serverUrl}`}
        actions={
          <Button variant="default" onClick={() => setReporting(true)} disabled={snapshot === null}>
            {t('doctor.report.open')}
          </Button>
        }
      >
        {error === null ? null : (
          <Alert color="yellow" mb="md" role="alert">
            {error}
          </Alert>
        )}
        {snapshot === null ? null : (
          <div className={classes.grid}>
            <ConnectionPanel snapshot={snapshot} />
            <div className={classes.stack}>
              <JournalPanel journal={snapshot.journal} />
              <LocalDataPanel database={snapshot.database} />
            </div>
            <div className={classes.wide}>
              <CheckPanel connection={snapshot.connection} />
            </div>
            <div className={classes.wide}>
              <PendingPanel pending={snapshot.pending} total={snapshot.pendingTotal} />
            </div>
            <TimingsPanel timings={snapshot.timings} exchanges={snapshot.exchanges} />
            <ErrorsPanel errors={snapshot.errors} />
          </div>
        )}
      </Page>
      {isReporting ? <ReportDialog onClose={() => setReporting(false)} /> : null}
    </main>
  );
}
