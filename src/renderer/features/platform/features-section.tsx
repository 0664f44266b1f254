import { Button, NumberInput, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import {
  featureNames,
  usualRule,
  type FeatureName,
  type FeatureRule,
  type FeatureRules,
} from '#shared/platform/features.ts';
import classes from './platform.module.css';

/** Features for everybody, or for a share of organizations or people. */
export function FeaturesSection() {
  const { t } = useTranslation();
  const { answer, error, reload } = usePlatform('readFeatures', {});
  const doing = useDoing();
  const [edited, setEdited] = useState<FeatureRules | null>(null);
  useTypedForm(edited !== null);
  const rules: FeatureRules = edited ?? answer?.features ?? {};

  function change(name: FeatureName, next: Partial<FeatureRule>): void {
    setEdited({ ...rules, [name]: { ...(rules[name] ?? usualRule), ...next } });
  }
  async function save(): Promise<void> {
    const isDone = await doing.run(
      () => askPlatform('saveFeatures', { features: rules }),
      t('platform.features.saved'),
    );
    if (!isDone) return;
    setEdited(null);
    reload();
  }

  return (
    <Section name="features" error={error} doing={doing}>
      {answer === null ? null : (
        <>
          <table className={classes.table}>
            <thead>
              <tr>
                <th>{t('platform.features.feature')}</th>
                <th>{t('platform.features.isOn')}</th>
                <th>{t('platform.features.percent')}</th>
                <th>{t('platform.features.of')}</th>
              </tr>
            </thead>
            <tbody>
              {featureNames.map((name) => {
                const rule = rules[name] ?? usualRule;
                const title = t(`platform.features.names.${name}`);
                return (
                  <tr key={name}>
                    <td>{title}</td>
                    <td>
                      <Switch
                        aria-label={title}
                        checked={rule.isOn}
                        onChange={(event) => change(name, { isOn: event.currentTarget.checked })}
                      />
                    </td>
                    <td>
                      <NumberInput
                        aria-label={`${title}: ${t('platform.features.percent')}`}
                        disabled={!rule.isOn}
                        value={rule.percent}
                        min={0}
                        max={100}
                        clampBehavior="strict"
                        allowDecimal={false}
                        suffix=" %"
                        w={100}
                        onChange={(value) => change(name, { percent: typeof value === 'number' ? value : 0 })}
                      />
                    </td>
                    <td>
                      <Select
                        aria-label={`${title}: ${t('platform.features.of')}`}
                        disabled={!rule.isOn || rule.percent === 100}
                        data={(['organization', 'user'] as const).map((value) => ({
                          value,
                          label: t(`platform.features.by.${value}`),
                        }))}
                        value={rule.by}
                        allowDeselect={false}
                        w={190}
                        onChange={(value) => change(name, { by: value === 'user' ? 'user' : 'organization' })}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <div className={classes.row} style={{ marginTop: 16 }}>
            <Button size="sm" loading={doing.isBusy} disabled={edited === null} onClick={() => void save()}>
              {t('common.save')}
            </Button>
          </div>
        </>
      )}
    </Section>
  );
}
