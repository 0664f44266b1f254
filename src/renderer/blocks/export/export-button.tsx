import { ActionIcon } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ExportDialog } from '#renderer/blocks/export/export-dialog.tsx';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';

/** Opens the dialog for an export. Not there while somebody looks at the application as another role: nothing leaves then. */
export function ExportButton(props: { readonly offer: ExportOffer }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isViewing = useAppSelector(({ device }) => device.viewAs !== null);
  if (isViewing) return null;
  return (
    <>
      <ActionIcon
        variant="default"
        aria-label={t('export.action')}
        title={t('export.action')}
        onClick={() => setOpen(true)}
      >
        <IconFileExport size={16} />
      </ActionIcon>
      {isOpen ? <ExportDialog offer={props.offer} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
