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
import { useEffect, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useNavigate, useParams } from 'react-router';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useTypedWorkGuard } from '#renderer/blocks/typed-forms.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { AlertsPage } from '#renderer/features/audit/alerts-page.tsx';
import { EntriesPage } from '#renderer/features/audit/entries-page.tsx';
import { FiguresPage } from '#renderer/features/audit/figures-page.tsx';
import { FilesPage } from '#renderer/features/audit/files-page.tsx';
import { KeepingPage } from '#renderer/features/audit/keeping-page.tsx';
import { PoliciesPage } from '#renderer/features/audit/policies-page.tsx';
import { ReportsPage } from '#renderer/features/audit/reports-page.tsx';
import type { Actor } from '#shared/access/actor.ts';
import classes from './audit.module.css';

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
  const navigate = useNavigate();
  const isTypedWorkInTheWay = useTypedWorkGuard();
  // Asked for again with another question, the window that is already open turns to it.
  useEffect(
    () =>
      getBridge().on('navigate', ({ path }) => {
        if (!isTypedWorkInTheWay()) void navigate(path);
      }),
    [navigate, isTypedWorkInTheWay],
  );
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <p className={classes.signedOut}>{t('audit.signedOut')}</p>;
  if (!session.actor.permissions.includes('org.view_audit_logs'))
    return <p className={classes.signedOut}>{t('settings.audit.refusedReader')}</p>;
  const Shown = (tabs.find(({ key }) => key === tab) ?? tabs[0])?.page ?? EntriesPage;
  return (
    <div className={classes.window} data-testid="audit">
      <nav className={classes.nav} aria-label={t('audit.explorer')}>
        <p className={classes.navTitle}>{t('audit.title')}</p>
        {tabs.map(({ key, icon: Icon }) => (
          <NavLink
            key={key}
            to={`/audit/${key}`}
            className={classes.link ?? ''}
            aria-current={tab === key ? 'page' : undefined}
            draggable={false}
          >
            <Icon size={16} stroke={1.7} />
            {t(`audit.tabs.${key}`)}
          </NavLink>
        ))}
      </nav>
      <main className={classes.main}>
        <Shown actor={session.actor} />
      </main>
    </div>
  );
}
