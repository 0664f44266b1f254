import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { auditExportFormats, type AuditExportWish } from '#shared/sync/audit-messages.ts';

/** Asks the server for a file of entries or of a report; it waits under Files when it is ready. */
export function MakeFileMenu(props: { readonly wish: Omit<AuditExportWish, 'format'> }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [status, setStatus] = useState('');
  async function make(format: (typeof auditExportFormats)[number]): Promise<void> {
    try {
      await invokeMain(getBridge(), 'audit.export', { ...props.wish, format });
      setStatus(t('audit.files.asked'));
    } catch (failure) {
      setStatus(errorText(failure));
    }
  }
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default">
            {t('audit.files.make')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {auditExportFormats.map((format) => (
            <Menu.Item key={format} onClick={() => void make(format)}>
              {t(`audit.files.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span role="status">{status}</span>
    </>
  );
}
