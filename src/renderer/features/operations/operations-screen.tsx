// The window of operations: how the server does, for administrators. Parts on the left, one of them on the right; everything comes from the
// server while somebody looks. Without a connection it says so, and shows what it saw last.
import {
  IconActivity,
  IconAlertTriangle,
  IconApi,
  IconFlame,
  IconGauge,
  IconListCheck,
  IconStethoscope,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { SectionWindow, WindowMessage } from '#renderer/blocks/section-window.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { AlertsPart } from '#renderer/features/operations/alerts-part.tsx';
import { ApiPart } from '#renderer/features/operations/api-part.tsx';
import { DiagnosisPart } from '#renderer/features/operations/diagnosis-part.tsx';
import { HealthPart } from '#renderer/features/operations/health-part.tsx';
import { JobsPart } from '#renderer/features/operations/jobs-part.tsx';
import { OverviewPart } from '#renderer/features/operations/overview-part.tsx';
import { PerformancePart } from '#renderer/features/operations/performance-part.tsx';
import { UsersPart } from '#renderer/features/operations/users-part.tsx';
import type { Actor } from '#shared/access/actor.ts';

const parts: readonly {
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly part: ComponentType;
  readonly needs: string;
}[] = [
  { key: 'overview', icon: IconGauge, part: OverviewPart, needs: 'system.health' },
  { key: 'health', icon: IconActivity, part: HealthPart, needs: 'system.health' },
  { key: 'api', icon: IconApi, part: ApiPart, needs: 'system.health' },
  { key: 'performance', icon: IconFlame, part: PerformancePart, needs: 'system.health' },
  { key: 'users', icon: IconUsers, part: UsersPart, needs: 'user.read' },
  { key: 'jobs', icon: IconListCheck, part: JobsPart, needs: 'system.jobs' },
  { key: 'alerts', icon: IconAlertTriangle, part: AlertsPart, needs: 'system.health' },
  { key: 'diagnosis', icon: IconStethoscope, part: DiagnosisPart, needs: 'system.health' },
];

function mayOpen(actor: Actor, needs: string): boolean {
  return actor.permissions.some((permission) => permission === needs);
}

export function OperationsScreen() {
  const { t } = useTranslation();
  const { part = 'overview' } = useParams();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <WindowMessage text={t('operations.signedOut')} />;
  if (!mayOpen(session.actor, 'system.health')) return <WindowMessage text={t('operations.refused')} />;
  const offered = parts.filter(({ needs }) => mayOpen(session.actor, needs));
  const shown = offered.find(({ key }) => key === part);
  const Shown = shown?.part ?? OverviewPart;
  const sections = offered.map(({ key, icon }) => ({
    key,
    icon,
    path: `/operations/${key}`,
    title: t(`operations.parts.${key}`),
  }));
  return (
    <SectionWindow
      label={t('operations.title')}
      groups={[{ title: t('operations.title'), sections }]}
      current={shown?.key ?? 'overview'}
      testId="operations"
      footer={
        <>
          {session.tenantName}
          <br />
          {session.serverUrl}
        </>
      }
    >
      <Shown key={part} />
    </SectionWindow>
  );
}
