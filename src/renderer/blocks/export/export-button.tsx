import { ActionIcon } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ExportDialog } from '#renderer/blocks/export/export-dialog.tsx';
import type { ExportOffer } from '#renderer/blocks/export/export-offer.ts';

/** Opens the dialog for an export. Not there while somebody looks at the application as another role: nothing leaves then. */
export function ExportButton(props: {
  readonly offer: ExportOffer;
  /** Where there are several of them. */
  readonly label?: string;
  readonly size?: 'xs';
}) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isViewing = useAppSelector(({ device }) => device.viewAs !== null);
  if (isViewing) return null;
  const { label = t('export.action'), size } = props;
  return (
    <>
      <ActionIcon
        variant="default"
        {...(size === undefined ? {} : { size })}
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
      >
        <IconFileExport size={size === undefined ? 16 : 12} />
      </ActionIcon>
      {isOpen ? <ExportDialog offer={props.offer} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
