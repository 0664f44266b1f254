// The rules of an installation, or what an organization tightens of them: the same fields, with what is in force without them.
import { Button, NumberInput, Stack, Switch, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import {
  DOMAIN_PATTERN,
  LEAST_PASSWORD,
  SESSION_DAYS,
  SUPPORT_HOURS,
  type OwnPolicies,
  type Policies,
} from '#shared/platform/policies.ts';

const numbers = [
  ['passwordMinLength', LEAST_PASSWORD],
  ['sessionDays', SESSION_DAYS],
  ['supportHours', SUPPORT_HOURS],
] as const;
const switches = ['mfaRequired', 'supportConsent'] as const;
const domainPattern = new RegExp(DOMAIN_PATTERN);

/** Bounds of a number: those of the rule, and for an organization the side it cannot cross. */
function boundsOf(name: (typeof numbers)[number][0], range: { least: number; most: number }, floor: Policies | null) {
  if (floor === null) return { min: range.least, max: range.most };
  return name === 'passwordMinLength'
    ? { min: floor.passwordMinLength, max: range.most }
    : { min: range.least, max: floor[name] };
}

export function PoliciesForm(props: {
  readonly value: Policies;
  /** Of the installation, for the form of an organization; null for that of the installation. */
  readonly floor: Policies | null;
  readonly isBusy: boolean;
  /** False: it was not saved, and what was chosen stays. */
  readonly onSave: (policies: Policies) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const { value, floor } = props;
  const [edited, setEdited] = useState<OwnPolicies>({});
  const [wrong, setWrong] = useState('');
  const shown: Policies = { ...value, ...edited };
  const isTyped = Object.keys(edited).length > 0;
  useTypedForm(isTyped);

  async function save(): Promise<void> {
    if (await props.onSave(shown)) setEdited({});
  }

  function takeDomains(domains: readonly string[]): void {
    const folded = domains.map((domain) => domain.trim().toLowerCase().replace(/^@/, ''));
    const bad = folded.find((domain) => !domainPattern.test(domain));
    setWrong(bad === undefined ? '' : t('policies.noDomain', { domain: bad }));
    if (bad === undefined) setEdited({ ...edited, allowedDomains: [...new Set(folded)] });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="md" maw={480}>
        {numbers.map(([name, range]) => {
          const bounds = boundsOf(name, range, floor);
          return (
            <NumberInput
              key={name}
              label={t(`policies.${name}.label`)}
              description={
                floor === null
                  ? t(`policies.${name}.text`)
                  : t(`policies.${bounds.min === floor[name] ? 'floor' : 'ceiling'}`, {
                      what: t(`policies.${name}.text`),
                      value: floor[name],
                    })
              }
              {...bounds}
              clampBehavior="blur"
              allowDecimal={false}
              w={300}
              value={shown[name]}
              onChange={(next) => {
                if (typeof next === 'number') setEdited({ ...edited, [name]: next });
              }}
            />
          );
        })}
        {switches.map((name) => (
          <Switch
            key={name}
            label={t(`policies.${name}.label`)}
            description={t(`policies.${name}.text`)}
            checked={shown[name]}
            disabled={floor?.[name] === true}
            onChange={(event) => setEdited({ ...edited, [name]: event.currentTarget.checked })}
          />
        ))}
        <TagsInput
          label={t('policies.allowedDomains.label')}
          description={t('policies.allowedDomains.text')}
          error={wrong}
          value={[...shown.allowedDomains]}
          maxTags={50}
          onChange={takeDomains}
        />
        {floor !== null && floor.allowedDomains.length > 0 ? (
          <Text size="sm" className="op-muted">
            {t('policies.allowedDomains.floor', { domains: floor.allowedDomains.join(', ') })}
          </Text>
        ) : null}
        <div>
          <Button type="submit" size="sm" loading={props.isBusy} disabled={!isTyped}>
            {t('common.save')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
