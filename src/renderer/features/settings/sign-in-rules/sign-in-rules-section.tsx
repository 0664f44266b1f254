// What an administrator decides about signing in: which roles need a second factor, after how long a computer locks; and what
// happened at the door of a colleague, with help for somebody whose phone is gone.
import { Alert, Checkbox, NumberInput, Stack } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { SettingsForm } from '#renderer/features/settings/settings-form.tsx';
import { ColleagueSignIns } from '#renderer/features/settings/sign-in-rules/colleague-sign-ins.tsx';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import classes from '#renderer/features/settings/settings.module.css';
import { IDLE_LOCK_MINUTES } from '#shared/sync/idle-lock.ts';
import type { OrganizationSettings } from '#shared/sync/messages.ts';

export function SignInRulesSection() {
  const { t } = useTranslation();
  const [kept, setKept] = useState<OrganizationSettings | null>(null);
  const [isForEverybody, setForEverybody] = useState(false);
  const read = useCallback(async () => {
    const bridge = getBridge();
    const standing = await invokeMain(bridge, 'organization.standing', {});
    setForEverybody(standing.policies.mfaRequired);
    setKept(await invokeMain(bridge, 'organization.settings', {}));
  }, []);
  const { problem } = useServerRead(read, kept !== null);
  return (
    <>
      <h1>{t('settings.signInRules.title')}</h1>
      <p className={classes.lead}>{t('settings.signInRules.text')}</p>
      {kept === null ? (
        <ServerProblem problem={problem} />
      ) : (
        <>
          <FactorRolesForm kept={kept} onSaved={setKept} isForEverybody={isForEverybody} />
          <IdleLockForm kept={kept} onSaved={setKept} />
        </>
      )}
      <ColleagueSignIns />
    </>
  );
}

interface FormProps {
  readonly kept: OrganizationSettings;
  readonly onSaved: (settings: OrganizationSettings) => void;
}

/** Saves what is named and leaves everything else as it is. */
function useSave({ kept, onSaved }: FormProps) {
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  async function save(change: Partial<OrganizationSettings>): Promise<void> {
    setError(null);
    setDone(false);
    try {
      const { offlineLeaseDays } = kept;
      onSaved(await invokeMain(getBridge(), 'organization.change', { offlineLeaseDays, ...change }));
      setDone(true);
    } catch (failure) {
      setError(errorText(failure));
    }
  }
  return { error, isDone, save };
}

function FactorRolesForm(props: FormProps & { readonly isForEverybody: boolean }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const before = props.kept.secondFactorRoles ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const { error, isDone, save } = useSave(props);
  const isChanged = [...chosen].sort().join(' ') !== [...before].sort().join(' ');
  return (
    <SettingsForm
      title={t('settings.signInRules.roles')}
      lead={t('settings.signInRules.rolesText')}
      error={error}
      isDone={isDone}
      canSave={isChanged}
      doneText={t('settings.signInRules.rolesSaved')}
      facts={
        props.isForEverybody ? (
          <Alert color="blue" mb="md" role="note">
            {t('settings.signInRules.forEverybody')}
          </Alert>
        ) : null
      }
      onSave={() => save({ secondFactorRoles: [...chosen] })}
    >
      <Checkbox.Group w="100%" label={t('settings.signInRules.rolesLabel')} value={[...chosen]} onChange={setChosen}>
        <Stack gap={6} mt={6}>
          {roles.map(({ id, name }) => (
            <Checkbox key={id} value={id} label={name} />
          ))}
        </Stack>
      </Checkbox.Group>
    </SettingsForm>
  );
}

function IdleLockForm(props: FormProps) {
  const { t } = useTranslation();
  const before = props.kept.idleLockMinutes ?? IDLE_LOCK_MINUTES.usual;
  const [minutes, setMinutes] = useState<number | string>(before);
  const { error, isDone, save } = useSave(props);
  const value = Number(minutes);
  const { least, most } = IDLE_LOCK_MINUTES;
  const isValid = minutes !== '' && Number.isInteger(value) && value >= least && value <= most;
  return (
    <SettingsForm
      title={t('settings.signInRules.idle')}
      lead={t('settings.signInRules.idleText')}
      error={error}
      isDone={isDone}
      canSave={isValid && value !== before}
      onSave={() => save({ idleLockMinutes: value })}
    >
      <NumberInput
        label={t('settings.signInRules.minutes')}
        description={t('settings.signInRules.minutesText', { most })}
        value={minutes}
        onChange={setMinutes}
        min={least}
        max={most}
        allowDecimal={false}
        w={260}
      />
    </SettingsForm>
  );
}
