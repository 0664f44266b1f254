import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { LOOK_AGAIN_MS, lookAgain } from '#renderer/blocks/look-again.ts';
import { useRoleChoices } from '#renderer/blocks/use-role-choices.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { FigureHeads, Figures } from '#renderer/features/operations/api-part.tsx';
import { Part, Tile } from '#renderer/features/operations/part.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './operations.module.css';

/** Who is connected now; null while nobody can tell. */
function useOnline(): ReadonlySet<string> | null {
  const [online, setOnline] = useState<ReadonlySet<string> | null>(null);
  useEffect(() => {
    let isStopped = false;
    const read = (): void => {
      invokeMain(getBridge(), 'presence.online', {}).then(
        (ids) => {
          if (!isStopped) setOnline(ids === null ? null : new Set(ids));
        },
        () => {
          if (!isStopped) setOnline(null);
        },
      );
    };
    read();
    const stop = lookAgain(read, LOOK_AGAIN_MS);
    return () => {
      isStopped = true;
      stop();
    };
  }, []);
  return online;
}

/** Who there is, who is here, and who asks how much of the server. */
export function UsersPart() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = new Map(useRoleChoices().map(({ value, label }) => [value, label]));
  const online = useOnline();
  const usage = usePolled('operations.usage', { hours: 24, limit: 500 });
  const people = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const users = people.data?.rows ?? [];
  const active = users.filter((user) => user['isActive'] !== false);
  const figures = new Map(usage.data?.users.map((row) => [row.userId, row]));
  return (
    <Part
      name="users"
      error={usage.error}
      hasAnswer={usage.data !== null}
      actions={
        <Button
          variant="default"
          size="xs"
          onClick={() => void getBridge().invoke('window.openSettings', { section: 'users' })}
        >
          {t('operations.users.manage')}
        </Button>
      }
    >
      <dl className={classes.tiles}>
        <Tile name={t('operations.users.active')}>{format.number(active.length)}</Tile>
        <Tile name={t('operations.users.deactivated')}>{format.number(users.length - active.length)}</Tile>
        <Tile name={t('operations.users.online')}>{online === null ? '–' : format.number(online.size)}</Tile>
        <Tile name={t('operations.users.today')}>
          {usage.data === null ? '–' : format.number(usage.data.users.length)}
        </Tile>
      </dl>
      <Panel title={t('operations.users.usage')} isFlush>
        <Scroll>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('operations.users.name')}</th>
                <th scope="col">{t('operations.users.role')}</th>
                <th scope="col">{t('operations.users.state')}</th>
                <FigureHeads />
              </tr>
            </thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.id}>
                  <th scope="row">{textOf(user['name'])}</th>
                  <td>{names.get(textOf(user['role'])) ?? ''}</td>
                  <td>
                    {user['isActive'] === false ? (
                      <Pill>{t('operations.users.isDeactivated')}</Pill>
                    ) : online?.has(user.id) === true ? (
                      <Pill tone="good">{t('operations.users.isOnline')}</Pill>
                    ) : null}
                  </td>
                  <Figures row={figures.get(user.id)} />
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
    </Part>
  );
}
