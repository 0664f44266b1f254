import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { AlertLine } from '#renderer/features/operations/alert-line.tsx';
import { useAlertWords } from '#renderer/features/operations/alert-words.ts';
import { Part } from '#renderer/features/operations/part.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import { newRule, RuleDialog } from '#renderer/features/operations/rule-dialog.tsx';
import { useChange } from '#renderer/blocks/use-change.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { isServiceLevel, type AlertRule } from '#shared/observe/alert-rules.ts';
import type { AlertOverview } from '#shared/sync/alert-messages.ts';
import classes from './operations.module.css';

const LOOK_MS = 15_000;

/** What was and is wrong, the service levels, and the rules that say so. */
export function AlertsPart() {
  const { t } = useTranslation();
  const { data, error, refresh } = usePolled('operations.alerts', {}, LOOK_MS);
  const { change, isRunning, error: changeError } = useChange(refresh);
  const [edited, setEdited] = useState<AlertRule | null>(null);
  const levels = data?.rules.filter(({ rule }) => isServiceLevel(rule)) ?? [];
  const others = data?.rules.filter(({ rule }) => !isServiceLevel(rule)) ?? [];
  const table = { isBusy: isRunning, mayChange: data?.mayChange === true, onEdit: setEdited };
  return (
    <Part
      name="alerts"
      error={error}
      hasAnswer={data !== null}
      actions={
        data?.mayChange === true ? (
          <Button size="xs" onClick={() => setEdited(newRule())}>
            {t('operations.alerts.add')}
          </Button>
        ) : null
      }
    >
      {changeError === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {changeError}
        </Alert>
      )}
      {data === null ? null : (
        <div className={classes.stack}>
          <Panel title={t('operations.alerts.title')} isFlush>
            {data.alerts.length === 0 ? <p className={classes.empty}>{t('operations.alerts.none')}</p> : null}
            {data.alerts.length === 0 ? null : (
              <ul className={classes.checks}>
                {data.alerts.map((alert) => (
                  <AlertLine
                    key={alert.id}
                    alert={alert}
                    {...(data.mayChange ? { onSeen: () => void change('operations.seeAlert', { id: alert.id }) } : {})}
                  />
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={t('operations.alerts.levels')} isFlush>
            <Rules rules={levels} {...table} />
          </Panel>
          <Panel title={t('operations.alerts.rules')} isFlush>
            <Rules rules={others} {...table} />
          </Panel>
        </div>
      )}
      {edited === null ? null : (
        <RuleDialog
          rule={edited}
          isKnown={data?.rules.some(({ rule }) => rule.id === edited.id) === true}
          isBuiltIn={data?.rules.some(({ rule, isBuiltIn }) => rule.id === edited.id && isBuiltIn) === true}
          isOperator={data?.isOperator === true}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            refresh();
          }}
        />
      )}
    </Part>
  );
}

function Rules(props: {
  readonly rules: AlertOverview['rules'];
  readonly isBusy: boolean;
  readonly mayChange: boolean;
  readonly onEdit: (rule: AlertRule) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAlertWords();
  return (
    <Scroll>
      <table className={classes.table}>
        <thead>
          <tr>
            {(['rule', 'condition', 'window', 'now', 'state', 'recipients', 'action'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`operations.alerts.columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rules.map(({ rule, value, isBroken }) => (
            <tr key={rule.id} data-rule={rule.id}>
              <th scope="row">{words.name(rule)}</th>
              <td>{words.condition(rule)}</td>
              <td>{words.window(rule.windowMinutes)}</td>
              <td>{value === null ? t('operations.alerts.nothing') : words.value(rule.metric, value)}</td>
              <td>
                {!rule.isOn ? (
                  <Pill>{t('operations.alerts.off')}</Pill>
                ) : isBroken ? (
                  <Pill tone={rule.severity === 'critical' ? 'danger' : 'warn'}>
                    {t(`operations.severity.${rule.severity}`)}
                  </Pill>
                ) : value === null ? (
                  <Pill>{t('operations.alerts.unmeasured')}</Pill>
                ) : (
                  <Pill tone="good">{t('operations.alerts.kept')}</Pill>
                )}
              </td>
              <td>{format.number(rule.recipientIds.length)}</td>
              <td>
                {props.mayChange ? (
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={props.isBusy}
                    aria-label={t('operations.alerts.editOf', { name: words.name(rule) })}
                    onClick={() => props.onEdit(rule)}
                  >
                    {t('operations.alerts.edit')}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
