// One goal: how far it is and why, its course beside the line it should follow, its milestones, and who brought what.
import { Button, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconList, IconPencil, IconFlag, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { GoalMeter } from '#renderer/blocks/goals/goal-meter.tsx';
import { GoalState } from '#renderer/blocks/goals/goal-state.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { GoalCourse } from '#renderer/features/goals/goal-course.tsx';
import { GoalDialog } from '#renderer/features/goals/goal-dialog.tsx';
import { GoalExplained, GoalMilestones } from '#renderer/features/goals/goal-explained.tsx';
import { GoalPeople } from '#renderer/features/goals/goal-people.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { GoalDetail } from '#shared/analytics/goals/goal-question.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './goals.module.css';

export function GoalScreen() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isFirstSync = useIsFirstSync();
  const { id = '' } = useParams();
  const { data } = useLive('goal', { id });
  if (data === undefined || (data === null && isFirstSync)) return null;
  if (data === null) {
    return (
      <Page title={t('goals.title')}>
        <EmptyState
          icon={<IconFlag size={28} stroke={1.4} />}
          title={t('goals.gone')}
          text={t('goals.goneText')}
          action={{ label: t('home.allGoals'), onClick: () => void navigate('/goals') }}
        />
      </Page>
    );
  }
  return <OneGoal key={data.goal.id} detail={data} />;
}

function OneGoal(props: { readonly detail: GoalDetail }) {
  const { t } = useTranslation();
  const words = useGoalWords();
  const showRecords = useShowRecords(props.detail);
  const { detail } = props;
  const { goal } = detail;
  const { figure } = goal;
  const reason = words.reason(goal);
  return (
    <Page
      title={goal.name}
      subtitle={[words.subject(goal), words.measure(goal), words.window(goal.windowType, goal.window)].join(' · ')}
      actions={<GoalActions detail={detail} onRecords={showRecords} />}
    >
      <div className={classes.stack}>
        <section className={classes.head} aria-label={t('goals.columns.progress')}>
          <div className={classes.headLine}>
            <span className={classes.large}>{words.figure(goal)}</span>
            {figure.kind === 'ready' ? <span className="op-muted">{words.percent(figure.attainment)}</span> : null}
            <span className={classes.grow} />
            <PendingMark pending={goal.isPending ? [goal.id] : []} />
            <GoalState goal={goal} />
          </div>
          <GoalMeter goal={goal} label={goal.name} isLarge />
          {goal.note === null ? null : <p className="op-muted">{goal.note}</p>}
        </section>
        {reason === null ? null : (
          <p className={classes.untold} data-untold={figure.kind}>
            {reason}
          </p>
        )}
        <div className={classes.columns}>
          <div className={classes.stack}>
            {detail.course.length === 0 ? null : (
              <Panel title={t('goals.course')} isFlush>
                <div className={classes.chart}>
                  <GoalCourse detail={detail} />
                </div>
              </Panel>
            )}
            {detail.people.length === 0 ? null : <GoalPeople detail={detail} />}
          </div>
          <div className={classes.stack}>
            <GoalExplained detail={detail} />
            <GoalMilestones goal={goal} />
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Opens the list of the records behind the figure; null where none shows exactly them. */
function useShowRecords({ records }: GoalDetail): (() => void) | null {
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  const path = records === null ? null : pathOfList(records.entity);
  if (records === null || path === null) return null;
  return () => {
    dispatch(listViewChanged({ list: path.slice(1), change: { ...emptyListView, filter: records.filter } }));
    void navigate(path);
  };
}

function GoalActions(props: { readonly detail: GoalDetail; readonly onRecords: (() => void) | null }) {
  const { t } = useTranslation();
  const run = useCommand();
  const navigate = useNavigate();
  const isViewing = useAppSelector((state) => state.device.viewAs !== null);
  const [dialog, setDialog] = useState<'change' | 'repeat' | null>(null);
  const { goal } = props.detail;
  const { change, remove } = goal.may;

  async function removeGoal(): Promise<void> {
    const input = { entity: 'goal', id: goal.id };
    const undo = { command: 'restoreRecord', input, entity: 'goal', ids: [goal.id], left: null } as const;
    const removed = await run('deleteRecord', input, { done: t('goals.removed'), undo });
    if (removed !== null) void navigate('/goals');
  }

  return (
    <>
      {props.onRecords === null ? null : (
        <Button variant="default" leftSection={<IconList size={15} />} onClick={props.onRecords}>
          {t('goals.showRecords')}
        </Button>
      )}
      {isViewing || !change ? null : (
        <Button variant="default" leftSection={<IconPencil size={15} />} onClick={() => setDialog('change')}>
          {t('goals.change')}
        </Button>
      )}
      {isViewing || !(change || remove) ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px={8} aria-label={t('goals.more')}>
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {change ? (
              <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => setDialog('repeat')}>
                {t('goals.repeat')}
              </Menu.Item>
            ) : null}
            {remove ? (
              <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => void removeGoal()}>
                {t('goals.remove')}
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === null ? null : <GoalOfRecord id={goal.id} kind={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

/** The dialog needs the record itself: what it measures in full, and what it was when it was opened. */
function GoalOfRecord(props: {
  readonly id: string;
  readonly kind: 'change' | 'repeat';
  readonly onClose: () => void;
}) {
  const { data } = useLive('record', { entity: entities.goal.name, id: props.id });
  const record = data?.record ?? null;
  return record === null ? null : <GoalDialog record={record} kind={props.kind} onClose={props.onClose} />;
}
