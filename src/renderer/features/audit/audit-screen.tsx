// The window of the audit: what happened, in figures, what is watched, reports, files, and how it is kept. Everything in it is
// asked of the server, which decides what this reader sees.
import {
  IconBell,
  IconChartBar,
  IconFileDownload,
  IconHistory,
  IconReportSearch,
  IconShieldCheck,
  IconTarget,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { SectionWindow, WindowMessage } from '#renderer/blocks/section-window.tsx';
import { AlertsPage } from '#renderer/features/audit/alerts-page.tsx';
import { EntriesPage } from '#renderer/features/audit/entries-page.tsx';
import { FiguresPage } from '#renderer/features/audit/figures-page.tsx';
import { FilesPage } from '#renderer/features/audit/files-page.tsx';
import { KeepingPage } from '#renderer/features/audit/keeping-page.tsx';
import { PoliciesPage } from '#renderer/features/audit/policies-page.tsx';
import { ReportsPage } from '#renderer/features/audit/reports-page.tsx';
import type { Actor } from '#shared/access/actor.ts';

const tabs: readonly {
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly page: ComponentType<{ readonly actor: Actor }>;
}[] = [
  { key: 'entries', icon: IconHistory, page: EntriesPage },
  { key: 'figures', icon: IconChartBar, page: FiguresPage },
  { key: 'policies', icon: IconTarget, page: PoliciesPage },
  { key: 'alerts', icon: IconBell, page: AlertsPage },
  { key: 'reports', icon: IconReportSearch, page: ReportsPage },
  { key: 'files', icon: IconFileDownload, page: FilesPage },
  { key: 'keeping', icon: IconShieldCheck, page: KeepingPage },
];

export function AuditScreen() {
  const { t } = useTranslation();
  const { tab = 'entries' } = useParams();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <WindowMessage text={t('audit.signedOut')} />;
  if (!session.actor.permissions.includes('org.view_audit_logs'))
    return <WindowMessage text={t('settings.audit.refusedReader')} />;
  const shown = tabs.find(({ key }) => key === tab);
  const Shown = shown?.page ?? EntriesPage;
  const sections = tabs.map(({ key, icon }) => ({ key, icon, path: `/audit/${key}`, title: t(`audit.tabs.${key}`) }));
  return (
    <SectionWindow
      label={t('audit.explorer')}
      groups={[{ title: t('audit.title'), sections }]}
      current={shown?.key ?? 'entries'}
      testId="audit"
      isFilled
    >
      <Shown actor={session.actor} />
    </SectionWindow>
  );
}
