import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useChange } from '#renderer/blocks/use-change.ts';
import { PassphraseDialog } from '#renderer/features/jobs/passphrase-dialog.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { MOST_BACKUPS, type BackupState } from '#shared/ipc/backup-channels.ts';
import classes from './jobs.module.css';

/** Where copies lie, how many are kept, and who can read them on another computer. */
export function BackupSettings(props: { readonly state: BackupState; readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { folder, isReachable, lostAt, keep, hasPassphrase } = props.state;
  const { change, isRunning, error } = useChange(props.onChanged);
  const [count, setCount] = useState<number | string>(keep);
  const [isAsking, setAsking] = useState(false);
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_BACKUPS;
  return (
    <Panel title={t('localJobs.backups.settings')} isFlush>
      <ul className={classes.settings}>
        <li>
          <div>
            <h3>
              {t('localJobs.backups.folder')}{' '}
              {folder === null ? null : (
                <Pill tone={isReachable ? 'good' : 'danger'}>
                  {t(isReachable ? 'localJobs.backups.reachable' : 'localJobs.backups.gone')}
                </Pill>
              )}
            </h3>
            {folder === null ? null : (
              <p className={classes.path} data-selectable>
                {folder}
              </p>
            )}
            <p className="op-muted">
              {folder === null
                ? t('localJobs.backups.noFolder')
                : isReachable
                  ? t('localJobs.backups.folderText')
                  : t(lostAt === null ? 'localJobs.backups.goneText' : 'localJobs.backups.goneSince', {
                      at: format.instant(lostAt),
                    })}
            </p>
          </div>
          <div className={classes.buttons}>
            {folder === null ? null : (
              <Button
                size="xs"
                variant="subtle"
                disabled={isRunning}
                onClick={() => void change('backups.forgetFolder', {})}
              >
                {t('localJobs.backups.forget')}
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              disabled={isRunning}
              onClick={() => void change('backups.chooseFolder', {})}
            >
              {t(folder === null ? 'localJobs.backups.choose' : 'localJobs.backups.chooseOther')}
            </Button>
          </div>
        </li>
        <li>
          <div>
            <h3>{t('localJobs.backups.keep')}</h3>
            <p className="op-muted">{t('localJobs.backups.keepText')}</p>
          </div>
          <div className={classes.buttons}>
            <NumberInput
              size="xs"
              w={90}
              aria-label={t('localJobs.backups.keep')}
              min={1}
              max={MOST_BACKUPS}
              allowDecimal={false}
              value={count}
              onChange={setCount}
            />
            <Button
              size="xs"
              variant="default"
              disabled={isRunning || !isCount || count === keep}
              onClick={() => void change('backups.keep', { count: Number(count) })}
            >
              {t('common.save')}
            </Button>
          </div>
        </li>
        <li>
          <div>
            <h3>
              {t('localJobs.backups.passphrase')}{' '}
              {hasPassphrase ? <Pill tone="good">{t('localJobs.backups.passphraseSet')}</Pill> : null}
            </h3>
            <p className="op-muted">
              {t(hasPassphrase ? 'localJobs.backups.passphraseText' : 'localJobs.backups.noPassphrase')}
            </p>
          </div>
          <div className={classes.buttons}>
            {hasPassphrase ? (
              <Button
                size="xs"
                variant="subtle"
                disabled={isRunning}
                onClick={() => void change('backups.setPassphrase', { passphrase: null })}
              >
                {t('localJobs.backups.removePassphrase')}
              </Button>
            ) : null}
            <Button size="xs" variant="default" onClick={() => setAsking(true)}>
              {t(hasPassphrase ? 'localJobs.backups.changePassphrase' : 'localJobs.backups.setPassphrase')}
            </Button>
          </div>
        </li>
      </ul>
      {error === null ? null : (
        <p className={classes.problem} role="alert">
          {error}
        </p>
      )}
      {isAsking ? <PassphraseDialog onClose={() => setAsking(false)} onSaved={props.onChanged} /> : null}
    </Panel>
  );
}
