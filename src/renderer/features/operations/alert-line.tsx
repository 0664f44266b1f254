import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { useAlertWords } from '#renderer/features/operations/alert-words.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { Alert } from '#shared/sync/alert-messages.ts';

/** One alert: what, since when, how bad, and who looks after it. */
export function AlertLine(props: { readonly alert: Alert; readonly onSeen?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAlertWords();
  const { rule, beganAt, endedAt, value, worst, seenAt, seenBy } = props.alert;
  const tone = endedAt !== null ? 'neutral' : rule.severity === 'critical' ? 'danger' : 'warn';
  return (
    <li data-alert={rule.id} data-open={endedAt === null}>
      <span>{words.name(rule)}</span>
      <span>
        <Pill tone={tone}>
          {t(endedAt === null ? `operations.severity.${rule.severity}` : 'operations.alerts.over')}
        </Pill>
      </span>
      <div>
        <p>
          {t('operations.alerts.line', {
            value: words.value(rule.metric, endedAt === null ? value : worst),
            condition: words.condition(rule),
            at: format.instant(beganAt),
          })}
        </p>
        {endedAt === null ? null : (
          <p className="op-muted">{t('operations.alerts.endedAt', { at: format.instant(endedAt) })}</p>
        )}
        {seenAt === null || seenBy === null ? null : (
          <p className="op-muted">
            {t('operations.alerts.seen', { at: format.instant(seenAt) })} <RecordName entity="user" id={seenBy} />
          </p>
        )}
        {endedAt !== null || seenAt !== null || props.onSeen === undefined ? null : (
          <Button size="compact-xs" variant="default" mt={6} onClick={props.onSeen}>
            {t('operations.alerts.see')}
          </Button>
        )}
      </div>
    </li>
  );
}
