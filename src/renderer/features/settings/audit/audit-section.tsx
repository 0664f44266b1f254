// The audit for administrators: who did what when and from where, by filters, as a file, and whether it is what was written.
import { Alert, Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AuditFilters, everything, toFilter } from '#renderer/features/settings/audit/audit-filters.tsx';
import { AuditTable } from '#renderer/features/settings/audit/audit-table.tsx';
import { AuditVerification } from '#renderer/features/settings/audit/audit-verification.tsx';
import { useAudit } from '#renderer/features/settings/audit/use-audit.ts';
import { useAuditExport } from '#renderer/features/settings/audit/use-audit-export.ts';
import type { Actor } from '#shared/access/actor.ts';
import classes from '../settings.module.css';

export function AuditSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const mayRead = props.actor.permissions.includes('org.view_audit_logs');
  return (
    <>
      <h1>{t('settings.audit.title')}</h1>
      <p className={classes.lead}>{mayRead ? t('settings.audit.text') : t('settings.audit.refusedReader')}</p>
      {mayRead ? (
        <>
          <AuditVerification />
          <AuditEntries />
        </>
      ) : null}
    </>
  );
}

function AuditEntries() {
  const { t } = useTranslation();
  const [wish, setWish] = useState(everything);
  const filter = useMemo(() => toFilter(wish), [wish]);
  const { entries, hasOlder, error, readOlder } = useAudit(filter);
  const exporting = useAuditExport(filter);
  return (
    <>
      <AuditFilters wish={wish} onChange={setWish} />
      <div className={classes.toolbar}>
        <Button size="xs" variant="default" disabled={exporting.isRunning} onClick={() => void exporting.run()}>
          {t('settings.audit.export')}
        </Button>
        <span role="status">{exporting.status}</span>
      </div>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {entries === null || entries.length > 0 ? null : <p>{t('settings.audit.none')}</p>}
      {entries === null || entries.length === 0 ? null : <AuditTable entries={entries} />}
      {hasOlder ? (
        <Button mt="md" size="xs" variant="default" onClick={readOlder}>
          {t('settings.audit.older')}
        </Button>
      ) : null}
    </>
  );
}
