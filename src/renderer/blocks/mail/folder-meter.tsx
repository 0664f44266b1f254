// What the mail server says it has against what is here, folder by folder: whoever wonders whether mail is missing sees it.
import { Button, Checkbox } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { MailAccountState, MailFolder } from '#shared/mail/mail-types.ts';
import classes from './folder-meter.module.css';

export function FolderMeter(props: { readonly account: MailAccountState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { account } = props;
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>{t('mailbox.meter')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('mailbox.folder')}</th>
          <th scope="col" className={classes.number}>
            {t('mailbox.onServer')}
          </th>
          <th scope="col" className={classes.number}>
            {t('mailbox.inOutpost')}
          </th>
          <th scope="col">{t('mailbox.standing')}</th>
          <th scope="col">{t('mailbox.checked')}</th>
          <th scope="col" aria-label={t('mailbox.resync')} />
        </tr>
      </thead>
      <tbody>
        {account.folders.map((folder) => (
          <tr key={folder.id} data-testid="meter-row" data-folder={folder.path}>
            <td>
              <Checkbox
                size="xs"
                checked={folder.isChosen}
                label={folder.path}
                onChange={(event) =>
                  void invokeMain(getBridge(), 'mailbox.chooseFolder', {
                    folder: folder.id,
                    on: event.currentTarget.checked,
                  })
                }
              />
            </td>
            <td className={classes.number}>{folder.onServer === null ? '–' : format.number(folder.onServer)}</td>
            <td className={classes.number}>{format.number(folder.here)}</td>
            <td>
              <FolderStanding folder={folder} />
            </td>
            <td className={classes.muted}>{folder.checkedAt === null ? '–' : format.ago(folder.checkedAt)}</td>
            <td className={classes.action}>
              {folder.failure?.kind === 'folderGone' ? (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => void invokeMain(getBridge(), 'mailbox.forgetFolder', { folder: folder.id })}
                >
                  {t('mailbox.forgetFolder')}
                </Button>
              ) : folder.isChosen ? (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconRefresh size={13} />}
                  onClick={() =>
                    void invokeMain(getBridge(), 'mailbox.sync', { id: account.id, folder: folder.id, thorough: true })
                  }
                >
                  {t('mailbox.resync')}
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FolderStanding({ folder }: { readonly folder: MailFolder }) {
  const { t } = useTranslation();
  if (folder.failure !== null) return <Pill tone="danger">{t(`mailbox.failure.${folder.failure.kind}`)}</Pill>;
  if (!folder.isChosen) return <Pill>{t('mailbox.notChosen')}</Pill>;
  if (folder.onServer === null) return <Pill>{t('mailbox.notLooked')}</Pill>;
  const missing = folder.onServer - folder.here;
  if (missing !== 0) return <Pill tone="warn">{t('mailbox.missing', { count: Math.abs(missing) })}</Pill>;
  if (folder.unreadable > 0) return <Pill tone="warn">{t('mailbox.unreadable', { count: folder.unreadable })}</Pill>;
  return <Pill tone="good">{t('mailbox.complete')}</Pill>;
}
