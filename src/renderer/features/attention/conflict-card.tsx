import { Button, Group } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ValuesTable } from '#renderer/features/attention/values-table.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import classes from './attention.module.css';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

type Values = Readonly<Record<string, unknown>>;

/** A value that lost a merge: mine, theirs and before, always in this order; one click takes the other. Who had no part
 * in it reads names instead. */
export function ConflictCard(props: { readonly conflict: LocalRecord; readonly labels: Labels }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const run = useCommand();
  const userId = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.userId : '',
  );
  const { conflict } = props;
  const entity = textOf(conflict['subjectEntity']) as EntityName;
  const definitions = useDefinitions();
  const definition = definitions[(entityOf(entity) ?? entities.deal).name];
  const subjectId = textOf(conflict['subjectId']);
  const subject = useLive('record', { entity: definition.name, id: subjectId });
  const title = recordTitle(subject.data?.record) || t('common.notAvailable');
  const part = conflict['lostBy'] === userId ? 'lost' : conflict['keptBy'] === userId ? 'kept' : 'none';
  const isForInformation = conflict['severity'] === 'info';
  const mayDecide = useCan()('update', entities.conflict, conflict);
  const lostBy = props.labels[textOf(conflict['lostBy'])] ?? t('attention.somebody');
  const keptBy = props.labels[textOf(conflict['keptBy'])] ?? t('attention.somebody');
  const lost = (conflict['lost'] ?? {}) as Values;
  const kept = (conflict['kept'] ?? {}) as Values;
  const base = (conflict['base'] ?? {}) as Values;
  const path = pathOfRecord(definition.name, subjectId);
  const labels = { ...props.labels, ...subject.data?.labels };

  const lostColumn = { ...nameColumn('lost', lostBy), id: 'lost', values: lost };
  const keptName = nameColumn('kept', keptBy);
  const keptNote = `${keptName.note ?? ''} ${t('attention.keptNow')}`.trim();
  const keptColumn = { ...keptName, note: keptNote, id: 'kept', values: kept };
  const sides = part === 'kept' ? [keptColumn, lostColumn] : [lostColumn, keptColumn];

  function nameColumn(side: 'lost' | 'kept', name: string): { readonly title: string; readonly note?: string } {
    if (part === side) return { title: t('attention.mine') };
    return part === 'none' ? { title: name } : { title: t('attention.theirs'), note: name };
  }

  function takeLabel(): string {
    if (part === 'none') return t('attention.takeOf', { name: lostBy });
    return part === 'lost' ? t('attention.takeMine') : t('attention.takeTheirs');
  }

  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconArrowsSplit2 size={16} aria-hidden />
          <span>
            {t('attention.conflictTitle', { entity: names.entity(definition) })}{' '}
            {path === null ? title : <Link to={path}>{title}</Link>}
          </span>
          {isForInformation ? <Pill>{t('attention.forInformation')}</Pill> : null}
          <PendingMark pending={conflict.pending} withText />
        </span>
      }
      actions={<span className="op-muted">{format.instant(conflict.createdAt)}</span>}
    >
      <div data-testid="conflict" data-subject={subjectId}>
        <p className={classes.reason}>
          {part === 'none'
            ? t('attention.policyOfOthers', { name: keptBy })
            : t(`attention.policy.${textOf(conflict['policy']) || 'manual'}`, {
                defaultValue: t('attention.policy.manual'),
              })}
        </p>
        <ValuesTable
          definition={definition}
          labels={labels}
          columns={[...sides, { id: 'base', title: t('attention.before'), values: base }]}
        />
        {mayDecide ? (
          <Group gap={8} mt={12}>
            <Button
              variant={isForInformation ? 'default' : 'filled'}
              onClick={() => void run('takeOtherValue', { conflictId: conflict.id }, { done: t('attention.taken') })}
            >
              {takeLabel()}
            </Button>
            <Button
              variant="default"
              onClick={() => void run('keepValue', { conflictId: conflict.id }, { done: t('attention.keptDone') })}
            >
              {isForInformation ? t('attention.seen') : t('attention.keep')}
            </Button>
          </Group>
        ) : null}
      </div>
    </Panel>
  );
}
