import { NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { limitNames, type LimitName } from '#shared/platform/plans.ts';
import classes from './platform.module.css';

/** What stands in the four fields; empty: no limit, or as in the plan. */
export type LimitTexts = Readonly<Record<LimitName, number | ''>>;

export const noLimitTexts: LimitTexts = { users: '', records: '', storageMb: '', apiCalls: '' };

export function LimitsFields(props: {
  readonly values: LimitTexts;
  /** What an empty field means. */
  readonly placeholders: Readonly<Record<LimitName, string>>;
  readonly of: string;
  readonly onChange: (values: LimitTexts) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={classes.row}>
      {limitNames.map((name) => (
        <NumberInput
          key={name}
          label={t(`platform.limits.${name}`)}
          aria-label={`${props.of}: ${t(`platform.limits.${name}`)}`}
          placeholder={props.placeholders[name]}
          value={props.values[name]}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          // Never the same as the other: the field would throw.
          decimalSeparator={t('common.decimalSeparator')}
          thousandSeparator={t('platform.limits.separator')}
          w={150}
          onChange={(value) => props.onChange({ ...props.values, [name]: typeof value === 'number' ? value : '' })}
        />
      ))}
    </div>
  );
}
