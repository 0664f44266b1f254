import { Button, CopyButton } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from '../settings.module.css';

/** A line of a list of facts: what is shown this one time, and can be copied. */
export function SecretOnce({ label, secret }: { readonly label: string; readonly secret: string }) {
  const { t } = useTranslation();
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <code className={classes.secret}>{secret}</code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconCopy size={13} />}
              onClick={copy}
              data-autofocus
            >
              {t(copied ? 'settings.apiKeys.copied' : 'settings.apiKeys.copy')}
            </Button>
          )}
        </CopyButton>
      </dd>
    </>
  );
}
