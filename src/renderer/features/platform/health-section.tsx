import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { usePlatform } from '#renderer/features/platform/use-platform.ts';
import classes from './platform.module.css';

/** How the organizations are, in counts and times. */
export function HealthSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const { answer, error, reload } = usePlatform('readHealth', {});
  return (
    <Section
      name="health"
      error={error}
      actions={
        <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={reload}>
          {t('platform.health.again')}
        </Button>
      }
    >
      {answer === null ? null : (
        <>
          <p>
            {t('platform.health.database', {
              engine: answer.engine === 'pglite' ? 'PGlite' : 'PostgreSQL',
              size: format.bytes(answer.databaseBytes),
              schema: answer.schema,
              at: format.seconds(answer.checkedAt),
            })}
          </p>
          <table className={classes.table}>
            <thead>
              <tr>
                <th>{t('platform.organizations.name')}</th>
                <th>{t('platform.health.lastChange')}</th>
                <th>{t('platform.health.lastSeen')}</th>
                <th className={classes.number}>{t('platform.health.sessions')}</th>
                <th className={classes.number}>{t('platform.health.devices')}</th>
                <th className={classes.number}>{t('platform.health.changes')}</th>
                <th className={classes.number}>{t('platform.health.refused')}</th>
                <th className={classes.number}>{t('platform.health.audit')}</th>
              </tr>
            </thead>
            <tbody>
              {answer.organizations.map((one) => (
                <tr key={one.id}>
                  <td>{one.name}</td>
                  <td>{one.lastChangeAt === null ? t('platform.health.never') : format.instant(one.lastChangeAt)}</td>
                  <td>{one.lastSeenAt === null ? t('platform.health.never') : format.instant(one.lastSeenAt)}</td>
                  <td className={classes.number}>{format.number(one.openSessions)}</td>
                  <td className={classes.number}>{format.number(one.devices)}</td>
                  <td className={classes.number}>{format.number(one.head)}</td>
                  <td className={classes.number}>{format.number(one.refusedLately)}</td>
                  <td className={classes.number}>{format.number(one.auditEntries)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Section>
  );
}
