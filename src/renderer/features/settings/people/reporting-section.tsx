// Settings › Reporting lines: who reports to whom, as a tree. A manager is changed where the person stands; a line that would
// lead back to itself is refused with the reason, on this computer and on the server.
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { BranchLine } from '#renderer/features/settings/people/branch-line.tsx';
import { toBranches, toggled } from '#renderer/features/settings/people/branches.ts';
import { ReferenceCell } from '#renderer/features/settings/people/reference-cell.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { foldText } from '#shared/query/words.ts';
import people from './people.module.css';
import classes from '../settings.module.css';

/** As many as a list hands over at once. */
const MOST_SHOWN = 1000;

function managerOf(user: LocalRecord): string | null {
  return textOf(user['managerId']) || null;
}

export function ReportingSection() {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const { data } = useLive('list', {
    entity: 'user',
    filter: { field: 'isActive', op: 'ne', value: false },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: MOST_SHOWN,
  });
  const [search, setSearch] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const users = useMemo(() => data?.rows ?? [], [data]);
  const wanted = foldText(search.trim());
  const lines = useMemo(
    () =>
      toBranches(users, managerOf, {
        isOpen: (id) => !folded.has(id),
        isWanted: wanted === '' ? null : (user) => foldText(textOf(user['name'])).includes(wanted),
      }),
    [users, folded, wanted],
  );

  function move(user: LocalRecord, managerId: string | null): void {
    const before = managerOf(user);
    const values = { managerId };
    const undo = {
      command: 'updateRecord',
      input: { entity: 'user', id: user.id, values: { managerId: before } },
      entity: 'user',
      ids: [user.id],
      left: values,
    } as const;
    void run('updateRecord', { entity: 'user', id: user.id, values }, { done: t('settings.saved'), undo });
  }

  return (
    <>
      <h1>{t('settings.reporting.title')}</h1>
      <p className={classes.lead}>{t('settings.reporting.text')}</p>
      <div className={people.filters}>
        <TextInput
          size="xs"
          w={220}
          leftSection={<IconSearch size={14} />}
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {(data?.total ?? 0) > MOST_SHOWN ? (
        <p className={classes.note}>{t('people.firstOnly', { count: MOST_SHOWN })}</p>
      ) : null}
      <ul className={people.tree} aria-label={t('settings.reporting.title')}>
        {lines.map(({ row: user, level, childCount, isFound }) => {
          const name = textOf(user['name']);
          const managerId = managerOf(user);
          const managerName = managerId === null ? '' : (data?.labels[managerId] ?? t('common.notAvailable'));
          return (
            <BranchLine
              key={user.id}
              id={user.id}
              name={name}
              level={level}
              childCount={childCount}
              isFound={isFound}
              isOpen={!folded.has(user.id)}
              onToggle={() => setFolded((before) => toggled(before, user.id))}
            >
              <PersonInitials userId={user.id} name={name} isDecorative />
              <span className={people.grow}>
                {name} <PendingMark pending={user.pending} />
                <span className={classes.address}>{textOf(user['jobTitle'])}</span>
              </span>
              {childCount === 0 ? null : (
                <span className={classes.number}>{t('people.reports', { count: childCount })}</span>
              )}
              <span className="op-muted">{t('people.reportsTo')}</span>
              <ReferenceCell
                entity="user"
                label={t('people.of.managerId', { name })}
                value={managerId}
                valueLabel={managerName}
                isEditable={can('update', entities.user, user, ['managerId'])}
                onChange={(id) => move(user, id)}
              />
            </BranchLine>
          );
        })}
      </ul>
    </>
  );
}
