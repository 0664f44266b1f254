import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { AuditVerification } from '#renderer/features/audit/audit-verification.tsx';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { NOTHING, useAnswer } from '#renderer/features/audit/use-answer.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { Actor } from '#shared/access/actor.ts';
import type { RetentionState } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

/** Whether the audit is what was written, how long it is kept, and what holds it. */
export function KeepingPage(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const { value: state, error, askAgain } = useAnswer('audit.retention', NOTHING);
  return (
    <ScrollPage title={t('audit.tabs.keeping')} text={t('settings.audit.text')} error={error}>
      <div className={classes.grid}>
        <Panel title={t('settings.audit.verify')}>
          <AuditVerification />
        </Panel>
        {state === null ? null : (
          <Panel title={t('audit.keeping.retention')}>
            <p>{t('audit.keeping.days', { count: state.days })}</p>
            <p>{t('audit.keeping.live', { count: state.entries })}</p>
            <p>
              {state.archived === 0
                ? t('audit.keeping.noArchive')
                : t('audit.keeping.archived', { count: state.archived })}
            </p>
          </Panel>
        )}
        {state === null ? null : (
          <Holds
            holds={state.holds}
            mayChange={props.actor.permissions.includes('org.configure_settings')}
            onChanged={askAgain}
          />
        )}
      </div>
    </ScrollPage>
  );
}

function Holds(props: {
  readonly holds: RetentionState['holds'];
  readonly mayChange: boolean;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);

  async function change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      setReason('');
      setError(null);
      props.onChanged();
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <Panel title={t('audit.keeping.hold')}>
      <p className={classes.lead}>{t('audit.keeping.holdText')}</p>
      {props.holds.length === 0 ? <p>{t('audit.keeping.noHold')}</p> : null}
      <ul>
        {props.holds.map((hold) => (
          <li key={hold.id} data-testid="audit-hold">
            {hold.reason}
            <span className={classes.address}>
              {format.instant(hold.heldAt)}
              {hold.heldBy === null ? null : (
                <>
                  {' · '}
                  <RecordName entity="user" id={hold.heldBy} />
                </>
              )}
              {hold.releasedAt === null
                ? null
                : ` · ${t('audit.keeping.released', { at: format.instant(hold.releasedAt) })}`}
            </span>
            {hold.releasedAt === null && props.mayChange ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('audit.keeping.releaseNamed', { reason: hold.reason })}
                onClick={() => void change(() => invokeMain(getBridge(), 'audit.release', { id: hold.id }))}
              >
                {t('audit.keeping.release')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {props.mayChange ? (
        <form
          className={classes.toolbar}
          onSubmit={(event) => {
            event.preventDefault();
            void change(() => invokeMain(getBridge(), 'audit.hold', { reason: reason.trim() }));
          }}
        >
          <TextInput
            size="xs"
            label={t('audit.keeping.reason')}
            value={reason}
            maxLength={500}
            error={error}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button size="xs" variant="default" type="submit" disabled={reason.trim().length < 3}>
            {t('audit.keeping.set')}
          </Button>
        </form>
      ) : null}
    </Panel>
  );
}
