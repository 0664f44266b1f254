import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { PolicyDialog } from '#renderer/features/audit/policy-dialog.tsx';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { NOTHING, useAnswer } from '#renderer/features/audit/use-answer.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { RETENTION_DAYS, type KeptPolicy } from '#shared/audit/policy/audit-policy.ts';
import classes from './audit.module.css';

/** What the audit is watched for. */
export function PoliciesPage(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { value: policies, error, askAgain } = useAnswer('audit.policies', NOTHING);
  const [edited, setEdited] = useState<KeptPolicy | 'new' | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const mayChange = props.actor.permissions.includes('org.configure_settings');

  async function remove({ id }: KeptPolicy): Promise<void> {
    try {
      await invokeMain(getBridge(), 'audit.removePolicy', { id });
      setFailure(null);
      askAgain();
    } catch (cause) {
      setFailure(errorText(cause));
    }
  }

  return (
    <ScrollPage title={t('audit.tabs.policies')} text={t('audit.policies.text')} error={error ?? failure}>
      {mayChange ? (
        <div className={classes.toolbar}>
          <Button size="xs" onClick={() => setEdited('new')}>
            {t('audit.policies.add')}
          </Button>
        </div>
      ) : null}
      {policies?.length === 0 ? <p role="status">{t('audit.policies.none')}</p> : null}
      <div className={classes.grid}>
        {(policies ?? []).map((policy) => (
          <PolicyPanel
            key={policy.id}
            policy={policy}
            {...(mayChange ? { onEdit: () => setEdited(policy), onRemove: () => void remove(policy) } : {})}
          />
        ))}
      </div>
      {edited === null ? null : (
        <PolicyDialog
          policy={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            askAgain();
          }}
        />
      )}
    </ScrollPage>
  );
}

function PolicyPanel(props: {
  readonly policy: KeptPolicy;
  readonly onEdit?: () => void;
  readonly onRemove?: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { policy, onEdit, onRemove } = props;
  const [isAsking, setAsking] = useState(false);
  const list = (values: readonly string[] | undefined): string =>
    values === undefined || values.length === 0 ? t('audit.policies.all') : values.join(', ');
  return (
    <Panel
      title={policy.name}
      actions={
        policy.is_active === false ? (
          <Pill>{t('audit.policies.inactive')}</Pill>
        ) : (
          <Pill tone="good">{t('audit.policies.active')}</Pill>
        )
      }
    >
      {policy.description === undefined ? null : <p className={classes.lead}>{policy.description}</p>}
      <dl className={classes.facts}>
        <dt>{t('audit.policies.condition')}</dt>
        <dd>
          {policy.rules.length === 0
            ? t('audit.policies.all')
            : policy.rules.map(({ condition }) => (
                <div key={condition}>
                  <code>{condition}</code>
                </div>
              ))}
        </dd>
        <dt>{t('audit.columns.entity')}</dt>
        <dd>{list(policy.applies_to_entities)}</dd>
        <dt>{t('audit.columns.action')}</dt>
        <dd>{list(policy.applies_to_actions)}</dd>
        <dt>{t('audit.policies.recipients')}</dt>
        <dd>{t('audit.policies.recipients_count', { count: policy.alert_recipients?.length ?? 0 })}</dd>
        <dt>{t('audit.policies.retention')}</dt>
        <dd>{format.number(policy.retention_days ?? RETENTION_DAYS.default)}</dd>
      </dl>
      {isAsking ? <p role="alert">{t('audit.policies.removeAsk', { name: policy.name })}</p> : null}
      {onEdit === undefined ? null : (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onEdit}>
            {t('audit.policies.edit')}
          </Button>
          <Button size="xs" variant="default" color="red" onClick={() => (isAsking ? onRemove?.() : setAsking(true))}>
            {t('audit.policies.remove')}
          </Button>
          {isAsking ? (
            <Button size="xs" variant="subtle" onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
          ) : null}
        </Group>
      )}
    </Panel>
  );
}
