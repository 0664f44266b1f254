// Port and encryption of a mail server, side by side.
import { Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';

const securities = ['tls', 'starttls', 'none'] as const;
type Security = (typeof securities)[number];

export function PortFields(props: {
  readonly port: number;
  readonly security: Security;
  readonly onPort: (port: number) => void;
  readonly onSecurity: (security: Security) => void;
}) {
  const { t } = useTranslation();
  return (
    <Group grow align="end">
      <TypedNumberInput
        label={t('settings.campaigns.port')}
        currency={null}
        isUngrouped
        value={props.port}
        onChange={(port) => props.onPort(typeof port === 'number' ? port : 0)}
      />
      <NativeSelect
        label={t('settings.campaigns.security')}
        value={props.security}
        data={securities.map((value) => ({ value, label: t(`settings.campaigns.securities.${value}`) }))}
        onChange={(event) => props.onSecurity(securities.find((each) => each === event.target.value) ?? 'tls')}
      />
    </Group>
  );
}
