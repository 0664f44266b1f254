// Settings › Teams: who belongs together and who leads. A lead sees what the team and the teams below it have, so every change
// of the tree says first who gains and loses what.
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPencil, IconPlus, IconSearch, IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { BranchLine } from '#renderer/features/settings/people/branch-line.tsx';
import { toBranches, toggled } from '#renderer/features/settings/people/branches.ts';
import { TeamDialog } from '#renderer/features/settings/people/team-dialog.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { foldText } from '#shared/query/words.ts';
import people from './people.module.css';
import classes from '../settings.module.css';

const byName = [{ field: 'name', direction: 'asc' }] as const;

function parentOf(team: LocalRecord): string | null {
  return textOf(team['parentId']) || null;
}

export function TeamsSection() {
  const { t } = useTranslation();
  const can = useCan();
  const run = useCommand();
  const askRights = useRightsGate();
  const { data } = useLive('list', { entity: 'team', sort: byName, offset: 0, limit: 1000 });
  const members = useMembers();
  const [search, setSearch] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<{ readonly team: LocalRecord | null } | null>(null);
  const teams = useMemo(() => data?.rows ?? [], [data]);
  const wanted = foldText(search.trim());
  const lines = useMemo(
    () =>
      toBranches(teams, parentOf, {
        isOpen: (id) => !folded.has(id),
        isWanted: wanted === '' ? null : (team) => foldText(textOf(team['name'])).includes(wanted),
      }),
    [teams, folded, wanted],
  );
  const mayCreate = can('create', entities.team);
  const labels = data?.labels ?? {};

  async function remove(team: LocalRecord): Promise<void> {
    if (!(await askRights([{ entity: 'team', id: team.id, values: null }]))) return;
    const undo = {
      command: 'restoreRecord',
      input: { entity: 'team', id: team.id },
      entity: 'team',
      ids: [team.id],
      left: null,
    } as const;
    await run('deleteRecord', { entity: 'team', id: team.id }, { done: t('people.teams.deleted'), undo });
  }

  return (
    <>
      <h1>{t('settings.teams.title')}</h1>
      <p className={classes.lead}>{t('settings.teams.text')}</p>
      <div className={people.filters}>
        {mayCreate ? (
          <Button leftSection={<IconPlus size={15} />} onClick={() => setOpen({ team: null })}>
            {t('people.teams.add')}
          </Button>
        ) : null}
        <TextInput
          size="xs"
          w={220}
          leftSection={<IconSearch size={14} />}
          aria-label={t('people.teams.search')}
          placeholder={t('people.teams.search')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {data !== undefined && teams.length === 0 ? (
        <EmptyState icon={<IconUsersGroup />} title={t('people.teams.none')} text={t('people.teams.noneText')} />
      ) : null}
      <ul className={people.tree} aria-label={t('settings.teams.title')}>
        {lines.map(({ row: team, level, childCount, isFound }) => {
          const name = textOf(team['name']);
          const count = members.get(team.id) ?? 0;
          const leadId = textOf(team['leadId']);
          const isEmpty = count === 0 && childCount === 0;
          return (
            <BranchLine
              key={team.id}
              id={team.id}
              name={name}
              level={level}
              childCount={childCount}
              isFound={isFound}
              isOpen={!folded.has(team.id)}
              onToggle={() => setFolded((before) => toggled(before, team.id))}
            >
              <span className={people.grow}>
                {name} <PendingMark pending={team.pending} />
              </span>
              <span className="op-muted">
                {leadId === ''
                  ? t('people.teams.noLead')
                  : t('people.teams.lead', { name: labels[leadId] ?? t('common.notAvailable') })}
              </span>
              <span className={classes.number}>{t('people.teams.members', { count })}</span>
              {can('update', entities.team, team) ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={t('people.teams.edit', { name })}
                  title={t('people.teams.edit', { name })}
                  onClick={() => setOpen({ team })}
                >
                  <IconPencil size={15} />
                </ActionIcon>
              ) : null}
              {can('delete', entities.team, team) ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={t('people.teams.delete', { name })}
                  title={isEmpty ? t('people.teams.delete', { name }) : t('people.teams.notEmpty')}
                  disabled={!isEmpty}
                  onClick={() => void remove(team)}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              ) : null}
            </BranchLine>
          );
        })}
      </ul>
      {open === null ? null : <TeamDialog team={open.team} labels={labels} onClose={() => setOpen(null)} />}
    </>
  );
}

/** People by team. */
function useMembers(): ReadonlyMap<string, number> {
  const { data } = useLive('aggregate', { entity: 'user', groupBy: 'teamId', sums: [] });
  return useMemo(() => new Map((data?.groups ?? []).map(({ key, count }) => [key ?? '', count])), [data]);
}
