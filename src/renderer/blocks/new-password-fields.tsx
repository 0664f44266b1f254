import { PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PASSWORD_LENGTH, passwordLength } from '#shared/access/password-policy.ts';

/** The server knows the person, and says when it has to be longer. */
const SHORTEST = PASSWORD_LENGTH.besideFactor;

export interface NewPassword {
  readonly value: string;
  /** What was typed twice is long enough; from the first question on the fields say what is missing. */
  readonly check: () => boolean;
  readonly clear: () => void;
  readonly fields: NewPasswordFieldsProps;
}

interface NewPasswordFieldsProps {
  readonly password: string;
  readonly repeated: string;
  readonly isTried: boolean;
  readonly onPassword: (password: string) => void;
  readonly onRepeated: (repeated: string) => void;
}

export function useNewPassword(): NewPassword {
  const [password, setPassword] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isTried, setTried] = useState(false);
  return {
    value: password,
    check: () => {
      setTried(true);
      return passwordLength(password) >= SHORTEST && password === repeated;
    },
    clear: () => {
      setPassword('');
      setRepeated('');
      setTried(false);
    },
    fields: { password, repeated, isTried, onPassword: setPassword, onRepeated: setRepeated },
  };
}

/** A password of the person's own choice, typed twice. */
export function NewPasswordFields(props: NewPasswordFieldsProps & { readonly isFirst: boolean }) {
  const { t } = useTranslation();
  const { password, repeated, isTried } = props;
  const isShort = passwordLength(password) < SHORTEST;
  const toggle = { 'aria-label': t('welcome.showPassword') };
  return (
    <>
      <PasswordInput
        label={t('welcome.newPassword')}
        description={<span className="op-muted">{t('welcome.newPasswordHint')}</span>}
        autoComplete="new-password"
        value={password}
        onChange={(event) => props.onPassword(event.currentTarget.value)}
        error={isTried && isShort ? t('welcome.passwordShort') : undefined}
        autoFocus={props.isFirst}
        visibilityToggleButtonProps={toggle}
      />
      <PasswordInput
        label={t('welcome.repeatPassword')}
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => props.onRepeated(event.currentTarget.value)}
        error={isTried && !isShort && password !== repeated ? t('welcome.passwordsDiffer') : undefined}
        visibilityToggleButtonProps={toggle}
      />
    </>
  );
}
