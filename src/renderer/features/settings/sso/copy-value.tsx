import { ActionIcon, Code, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Something that has to be put somewhere else, letter by letter. */
export function CopyValue(props: {
  readonly label: string;
  readonly value: string;
  /** What stands there, where the whole would be too much to read. */
  readonly shown?: string;
}) {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="xs" c="dimmed">
        {props.label}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Code style={{ overflowWrap: 'anywhere' }}>{props.shown ?? props.value}</Code>
        <CopyButton value={props.value}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? 'sso.copied' : 'sso.copy')}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('sso.copyOf', { what: props.label })}
                onClick={copy}
              >
                {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}
