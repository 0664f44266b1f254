// The window of background jobs: what this computer does by itself, for whoever is signed in; administrators see the jobs of the
// server in the same list.
import { IconArchive, IconCalendarClock, IconListCheck, IconStack2 } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { SectionWindow, WindowMessage } from '#renderer/blocks/section-window.tsx';
import { BackupsPart } from '#renderer/features/jobs/backups-part.tsx';
import { JobList } from '#renderer/features/jobs/job-list.tsx';
import { KindsPart } from '#renderer/features/jobs/kinds-part.tsx';
import { PlansPart } from '#renderer/features/jobs/plans-part.tsx';

const parts: readonly {
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly part: ComponentType<{ readonly seesServer: boolean }>;
}[] = [
  { key: 'list', icon: IconListCheck, part: JobList },
  { key: 'kinds', icon: IconStack2, part: KindsPart },
  { key: 'plans', icon: IconCalendarClock, part: PlansPart },
  { key: 'backups', icon: IconArchive, part: BackupsPart },
];

export function JobsScreen() {
  const { t } = useTranslation();
  const { part = 'list' } = useParams();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <WindowMessage text={t('localJobs.signedOut')} />;
  const Shown = parts.find(({ key }) => key === part)?.part ?? JobList;
  const sections = parts.map(({ key, icon }) => ({
    key,
    icon,
    path: `/jobs/${key}`,
    title: t(`localJobs.parts.${key}`),
  }));
  return (
    <SectionWindow
      label={t('localJobs.title')}
      groups={[{ title: t('localJobs.title'), sections }]}
      current={part}
      testId="jobs"
      footer={session.tenantName}
    >
      <Shown key={part} seesServer={session.actor.permissions.includes('system.jobs')} />
    </SectionWindow>
  );
}
