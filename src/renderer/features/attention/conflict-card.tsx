import { Button, Group } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { Labels, LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ValuesTable } from '#renderer/features/attention/values-table.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import classes from './attention.module.css';
import { textOf } from '#shared/kernel/text-of.ts';

type Values = Readonly<Record<string, unknown>>;

/** A value that lost a merge: mine, theirs and before; one click takes the other. */
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
  const definition = entityOf(entity) ?? entities.deal;
  const subjectId = textOf(conflict['subjectId']);
  const subject = useLive('record', { entity: definition.name, id: subjectId });
  const title = textOf(subject.data?.record?.[definition.titleField]) || t('common.notAvailable');
  const isMineLost = conflict['lostBy'] === userId;
  const lostBy = props.labels[textOf(conflict['lostBy'])] ?? t('attention.somebody');
  const keptBy = props.labels[textOf(conflict['keptBy'])] ?? t('attention.somebody');
  const lost = (conflict['lost'] ?? {}) as Values;
  const kept = (conflict['kept'] ?? {}) as Values;
  const base = (conflict['base'] ?? {}) as Values;
  const path = pathOfRecord(definition.name, subjectId);
  const labels = { ...props.labels, ...subject.data?.labels };

  return (
    <Panel
      title={
        <span className={classes.title}>
          <IconArrowsSplit2 size={16} aria-hidden />
          <span>
            {t('attention.conflictTitle', { entity: names.entity(definition) })}{' '}
            {path === null ? title : <Link to={path}>{title}</Link>}
          </span>
          <PendingMark pending={conflict.pending} withText />
        </span>
      }
      actions={<span className="op-muted">{format.instant(conflict.createdAt)}</span>}
    >
      <div data-testid="conflict" data-subject={subjectId}>
        <p className={classes.reason}>
          {t(`attention.policy.${textOf(conflict['policy']) || 'manual'}`, {
            defaultValue: t('attention.policy.manual'),
          })}
        </p>
        <ValuesTable
          definition={definition}
          labels={labels}
          columns={[
            {
              title: isMineLost ? t('attention.mine') : t('attention.theirs'),
              note: isMineLost ? '' : lostBy,
              values: lost,
            },
            {
              title: isMineLost ? t('attention.theirs') : t('attention.mine'),
              note: `${isMineLost ? keptBy : ''} ${t('attention.keptNow')}`.trim(),
              values: kept,
            },
            { title: t('attention.before'), values: base },
          ]}
        />
        <Group gap={8} mt={12}>
          <Button
            onClick={() => void run('takeOtherValue', { conflictId: conflict.id }, { done: t('attention.taken') })}
          >
            {isMineLost ? t('attention.takeMine') : t('attention.takeTheirs')}
          </Button>
          <Button
            variant="default"
            onClick={() => void run('keepValue', { conflictId: conflict.id }, { done: t('attention.keptDone') })}
          >
            {t('attention.keep')}
          </Button>
        </Group>
      </div>
    </Panel>
  );
}
