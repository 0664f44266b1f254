import { Alert, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AuditCheck } from '#shared/ipc/audit-channels.ts';
import { formatAnchor } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

/** Whether the audit is still what was written, also compared with the head this computer kept. */
export function AuditVerification() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [check, setCheck] = useState<AuditCheck | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isReading, setReading] = useState(false);

  async function verify(forgetsHead: boolean): Promise<void> {
    setReading(true);
    setError(null);
    try {
      if (forgetsHead) await invokeMain(getBridge(), 'audit.forgetHead', {});
      setCheck(await invokeMain(getBridge(), 'audit.verify', {}));
    } catch (failure) {
      setCheck(null);
      setError(errorText(failure));
    } finally {
      setReading(false);
    }
  }

  return (
    <section aria-label={t('settings.audit.verify')} aria-busy={isReading}>
      <div className={classes.toolbar}>
        <Button size="xs" variant="default" loading={isReading} onClick={() => void verify(false)}>
          {t('settings.audit.verify')}
        </Button>
        <span role="status" className={classes.lead}>
          {isReading ? t('settings.audit.verifying') : null}
          {!isReading && check === null && error === null ? t('settings.audit.notVerified') : null}
          {!isReading && check?.finding === null ? <Intact check={check} /> : null}
        </span>
      </div>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {isReading || check === null || check.finding === null ? null : (
        <Broken check={check} onForget={() => void verify(true)} />
      )}
    </section>
  );
}

function Intact({ check }: { readonly check: AuditCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { verified, verifiedAt, kept, head } = check;
  if (verified === 0) return t('settings.audit.empty');
  return (
    <span data-testid="audit-intact" data-verified={verified}>
      {t('settings.audit.intact', { no: verified, at: format.instant(verifiedAt) })}{' '}
      {kept === null ? null : t('settings.audit.alsoKept', { no: kept.no, at: format.instant(kept.at) })}
      <br />
      <code className={classes.address}>{t('settings.audit.keepHead', { head: formatAnchor(head) })}</code>
    </span>
  );
}

function Broken({ check, onForget }: { readonly check: AuditCheck; readonly onForget: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { finding, verified, restored, kept } = check;
  if (finding === null) return null;
  // What is gone is looked for where it stood: behind the last one before it.
  const isGone = finding.kind === 'missing' || finding.kind === 'cut';
  const shownNo = isGone ? finding.no - 1 : finding.no;
  // Only then does what this computer kept play a part.
  const isAboutKept =
    kept !== null && finding.no === kept.no && (finding.kind === 'cut' || finding.kind === 'rewritten');
  return (
    <Alert color="red" mb="md" role="alert" data-testid="audit-broken" data-kind={finding.kind}>
      <p>{t(`settings.audit.finding.${finding.kind}`, { no: finding.no, verified })}</p>
      {restored === null ? null : (
        <p>{t('settings.audit.restored', { no: restored.no, at: format.instant(restored.at) })}</p>
      )}
      <p>{t('settings.audit.askOperator')}</p>
      <Group gap="xs">
        {shownNo < 1 ? null : (
          <Button size="xs" variant="default" onClick={() => void navigate(`/audit/entries?upTo=${String(shownNo)}`)}>
            {t(isGone ? 'settings.audit.showBefore' : 'settings.audit.showEntry', { no: shownNo })}
          </Button>
        )}
        {isAboutKept ? (
          <Button size="xs" variant="default" onClick={onForget}>
            {t('settings.audit.forget')}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}
