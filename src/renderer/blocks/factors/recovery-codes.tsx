import { Button, Checkbox, Code, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Shown this once: whoever loses the phone gets in with them. */
export function RecoveryCodeList(props: {
  readonly codes: readonly string[];
  readonly doneLabel: string;
  readonly isBusy: boolean;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const [isKept, setKept] = useState(false);
  return (
    <Stack gap="sm" data-testid="recovery-codes">
      <Text size="sm">{t('factors.codes.text')}</Text>
      <SimpleGrid cols={2} spacing="xs">
        {props.codes.map((code) => (
          <Code key={code} fz="sm">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <CopyButton value={props.codes.join('\n')}>
        {({ copied, copy }) => (
          <Group>
            <Button variant="default" size="compact-sm" onClick={copy} autoFocus>
              {t('factors.codes.copy')}
            </Button>
            <span role="status" className="op-muted">
              {copied ? t('factors.codes.copied') : ''}
            </span>
          </Group>
        )}
      </CopyButton>
      <Checkbox
        label={t('factors.codes.kept')}
        checked={isKept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button size="sm" disabled={!isKept} loading={props.isBusy} onClick={props.onDone}>
          {props.doneLabel}
        </Button>
      </Group>
    </Stack>
  );
}
