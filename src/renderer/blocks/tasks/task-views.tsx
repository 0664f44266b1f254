import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';

const paths = {
  list: '/tasks',
  board: '/tasks/board',
  calendar: '/tasks/calendar',
  workload: '/tasks/workload',
} as const;
export type TaskView = keyof typeof paths;

/** The ways to look at tasks; the workload is for whoever sees the tasks of a team. */
export function TaskViews(props: { readonly view: TaskView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const seesTeam = useAppSelector(
    ({ device }) =>
      device.session?.status === 'signedIn' && device.session.actor.permissions.includes('tasks.view_team_tasks'),
  );
  const views = (Object.keys(paths) as TaskView[]).filter((view) => view !== 'workload' || seesTeam);
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('task.views.label')}
      value={props.view}
      data={views.map((value) => ({ value, label: t(`task.views.${value}`) }))}
      onChange={(view) => void navigate(paths[view])}
    />
  );
}
