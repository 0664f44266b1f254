// How often people of a role may ask. An empty row takes the usual numbers.
import { Alert, Button, Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useRoleChoices } from '#renderer/blocks/use-role-choices.ts';
import type { AccessRulesBook } from '#renderer/features/settings/reach/use-access-rules.ts';
import { isRateLimit, mostRateLimit, rateSpans, type RateLimit, type RateSpan } from '#shared/access/rate-windows.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { AccessRulesState } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

/** What was typed for a role; empty fields take the usual number. */
type Typed = Readonly<Record<RateSpan, number | string>>;
const nothingTyped: Typed = { minute: '', hour: '', day: '' };

function toLimit(typed: Typed, usual: RateLimit): RateLimit | null {
  if (rateSpans.every((span) => typed[span] === '')) return null;
  const of = (span: RateSpan) => (typeof typed[span] === 'number' ? typed[span] : usual[span]);
  return { minute: of('minute'), hour: of('hour'), day: of('day') };
}

export function LimitsForm(props: { readonly state: AccessRulesState; readonly save: AccessRulesBook['save'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const roles = useRoleChoices();
  const { state, save } = props;
  const { limits } = state.rules;
  const [edited, setEdited] = useState<Readonly<Record<string, Typed>>>({});
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const typedOf = (role: string): Typed => edited[role] ?? limits[role] ?? nothingTyped;
  const known = new Set(roles.map(({ value }) => value));
  const wished = Object.fromEntries(
    [...known].flatMap((role) => {
      const limit = toLimit(typedOf(role), state.usualLimit);
      return limit === null ? [] : [[role, limit] as const];
    }),
  );
  useTypedForm(Object.keys(edited).length > 0 && !isJsonEqual(wished, limits));
  const isValid = Object.values(wished).every((limit) => isRateLimit(limit));

  async function submit(): Promise<void> {
    setDone(false);
    const saved = await save({ limits: wished });
    setError(saved.error);
    if (saved.error !== null) return;
    setEdited({});
    setDone(true);
  }

  return (
    <form
      className={classes.below}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 className={classes.subtitle}>{t('settings.reach.limits')}</h2>
      <p className={classes.lead}>{t('settings.reach.limitsText')}</p>
      {error === null && isValid ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error ?? t('settings.reach.limitsWrong')}
        </Alert>
      )}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.reach.role')}</th>
            {rateSpans.map((span) => (
              <th key={span} scope="col">
                {t(`settings.reach.per.${span}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {roles.map(({ value, label }) => (
            <tr key={value}>
              <th scope="row">{label}</th>
              {rateSpans.map((span) => (
                <td key={span}>
                  <NumberInput
                    size="xs"
                    w={120}
                    min={1}
                    max={mostRateLimit[span]}
                    allowDecimal={false}
                    // Never the same as the other: the field would throw.
                    decimalSeparator={t('common.decimalSeparator')}
                    thousandSeparator={t('platform.limits.separator')}
                    placeholder={format.number(state.usualLimit[span])}
                    aria-label={`${label}: ${t(`settings.reach.per.${span}`)}`}
                    value={typedOf(value)[span]}
                    onChange={(next) => {
                      setDone(false);
                      setEdited({ ...edited, [value]: { ...typedOf(value), [span]: next } });
                    }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Group gap="sm" mt="md">
        <Button
          type="submit"
          size="sm"
          disabled={!isValid || isJsonEqual(wished, limits)}
          aria-label={t('settings.offline.saveNamed', { what: t('settings.reach.limits') })}
        >
          {t('settings.offline.save')}
        </Button>
        <span role="status">{isDone ? t('settings.reach.saved') : ''}</span>
      </Group>
    </form>
  );
}
