// Which screen stands at which path. Screens that carry a heavy library are loaded when first opened.
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { FeatureGate } from '#renderer/app/layout/feature-gate.tsx';
import { AppShell } from '#renderer/app/layout/app-shell.tsx';
import { ScreenBoundary } from '#renderer/app/layout/screen-boundary.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { exportMakers } from '#renderer/app/export-makers.ts';
import { ExportMakersContext } from '#renderer/blocks/export/export-makers.ts';
import { HomeScreen } from '#renderer/features/home/home-screen.tsx';
import { RightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { usePrepared } from '#renderer/data/use-data.ts';
import { firstInboxQuery } from '#renderer/features/inbox/inbox-view.ts';
import { NO_RANGES, useBoardQuery } from '#renderer/features/pipeline/use-board-query.ts';
import { PipelineScreen } from '#renderer/features/pipeline/pipeline-screen.tsx';
import { WelcomeScreen } from '#renderer/features/welcome/welcome-screen.tsx';

const loadListScreen = async () => ({
  default: (await import('#renderer/features/records/list-screen.tsx')).ListScreen,
});
const loadRecordScreen = async () => ({
  default: (await import('#renderer/features/records/record-screen.tsx')).RecordScreen,
});
const ListScreen = lazy(loadListScreen);
const RecordScreen = lazy(loadRecordScreen);
const MailScreen = lazy(async () => ({
  default: (await import('#renderer/features/mail/mail-screen.tsx')).MailScreen,
}));
const AttentionScreen = lazy(async () => ({
  default: (await import('#renderer/features/attention/attention-screen.tsx')).AttentionScreen,
}));
const loadInboxScreen = async () => ({
  default: (await import('#renderer/features/inbox/inbox-screen.tsx')).InboxScreen,
});
const InboxScreen = lazy(loadInboxScreen);
const ImportScreen = lazy(async () => ({
  default: (await import('#renderer/features/import/import-screen.tsx')).ImportScreen,
}));
const DeletedScreen = lazy(async () => ({
  default: (await import('#renderer/features/deleted/deleted-screen.tsx')).DeletedScreen,
}));
const DocumentsScreen = lazy(async () => ({
  default: (await import('#renderer/features/documents/documents-screen.tsx')).DocumentsScreen,
}));
const PivotScreen = lazy(async () => ({
  default: (await import('#renderer/features/pivot/pivot-screen.tsx')).PivotScreen,
}));
const SchedulesScreen = lazy(async () => ({
  default: (await import('#renderer/features/schedules/schedules-screen.tsx')).SchedulesScreen,
}));
const GoalsScreen = lazy(async () => ({
  default: (await import('#renderer/features/goals/goals-screen.tsx')).GoalsScreen,
}));
const GoalScreen = lazy(async () => ({
  default: (await import('#renderer/features/goals/goal-screen.tsx')).GoalScreen,
}));
const DashboardsScreen = lazy(async () => ({
  default: (await import('#renderer/features/dashboards/dashboards-screen.tsx')).DashboardsScreen,
}));
const ForecastScreen = lazy(async () => ({
  default: (await import('#renderer/features/forecast/forecast-screen.tsx')).ForecastScreen,
}));
const ChangesScreen = lazy(async () => ({
  default: (await import('#renderer/features/changes/changes-screen.tsx')).ChangesScreen,
}));
const AuditScreen = lazy(async () => ({
  default: (await import('#renderer/features/audit/audit-screen.tsx')).AuditScreen,
}));
const DoctorScreen = lazy(async () => ({
  default: (await import('#renderer/features/doctor/doctor-screen.tsx')).DoctorScreen,
}));
const PlatformScreen = lazy(async () => ({
  default: (await import('#renderer/features/platform/platform-screen.tsx')).PlatformScreen,
}));
const OperationsScreen = lazy(async () => ({
  default: (await import('#renderer/features/operations/operations-screen.tsx')).OperationsScreen,
}));
const JobsScreen = lazy(async () => ({
  default: (await import('#renderer/features/jobs/jobs-screen.tsx')).JobsScreen,
}));
const TaskBoardScreen = lazy(async () => ({
  default: (await import('#renderer/features/tasks/task-board-screen.tsx')).TaskBoardScreen,
}));
const TaskCalendarScreen = lazy(async () => ({
  default: (await import('#renderer/features/tasks/task-calendar-screen.tsx')).TaskCalendarScreen,
}));
const WorkloadScreen = lazy(async () => ({
  default: (await import('#renderer/features/tasks/workload-screen.tsx')).WorkloadScreen,
}));
const CampaignsScreen = lazy(async () => ({
  default: (await import('#renderer/features/campaigns/campaigns-screen.tsx')).CampaignsScreen,
}));
const CampaignScreen = lazy(async () => ({
  default: (await import('#renderer/features/campaigns/campaign-screen.tsx')).CampaignScreen,
}));
const TemplatesScreen = lazy(async () => ({
  default: (await import('#renderer/features/campaigns/templates-screen.tsx')).TemplatesScreen,
}));
const SuppressionsScreen = lazy(async () => ({
  default: (await import('#renderer/features/campaigns/suppressions-screen.tsx')).SuppressionsScreen,
}));
const SettingsScreen = lazy(async () => ({
  default: (await import('#renderer/features/settings/settings-screen.tsx')).SettingsScreen,
}));

export function AppRoutes() {
  const session = useAppSelector((state) => state.device.session);
  const { pathname } = useLocation();
  if (pathname.startsWith('/settings')) {
    return (
      <Later>
        <Routes>
          <Route
            path="/settings/:section?"
            element={
              <RightsGate>
                <SettingsScreen />
              </RightsGate>
            }
          />
        </Routes>
      </Later>
    );
  }
  if (pathname.startsWith('/platform')) {
    return (
      <Later>
        <Routes>
          <Route path="/platform/:section?" element={<PlatformScreen />} />
        </Routes>
      </Later>
    );
  }
  if (pathname.startsWith('/audit')) {
    return (
      <Later>
        <Routes>
          <Route path="/audit/:tab?" element={<AuditScreen />} />
        </Routes>
      </Later>
    );
  }
  if (pathname === '/doctor') {
    return (
      <Later>
        <DoctorScreen />
      </Later>
    );
  }
  if (pathname.startsWith('/jobs')) {
    return (
      <Later>
        <Routes>
          <Route path="/jobs/:part?" element={<JobsScreen />} />
        </Routes>
      </Later>
    );
  }
  if (pathname.startsWith('/operations')) {
    return (
      <Later>
        <Routes>
          <Route path="/operations/:part?" element={<OperationsScreen />} />
        </Routes>
      </Later>
    );
  }
  if (session?.status !== 'signedIn') return <WelcomeScreen />;
  return (
    <ExportMakersContext value={exportMakers}>
      <AppShell>
        <Ahead />
        <Later>
          <Routes>
            <Route path="/" element={<Navigate to="/home" replace />} />
            <Route path="/home" element={<HomeScreen />} />
            <Route path="/inbox" element={<InboxScreen />} />
            <Route path="/pipeline" element={<PipelineScreen />} />
            <Route path="/mail" element={<MailScreen />} />
            <Route path="/attention" element={<AttentionScreen />} />
            <Route path="/documents" element={<DocumentsScreen />} />
            <Route path="/deleted" element={<DeletedScreen />} />
            <Route
              path="/analytics/changes"
              element={
                <FeatureGate name="changes">
                  <ChangesScreen />
                </FeatureGate>
              }
            />
            <Route
              path="/analytics/forecast"
              element={
                <FeatureGate name="forecast">
                  <ForecastScreen />
                </FeatureGate>
              }
            />
            <Route
              path="/import/:entity?"
              element={
                <FeatureGate name="import">
                  <ImportScreen />
                </FeatureGate>
              }
            />
            <Route
              path="/analytics/pivot"
              element={
                <FeatureGate name="pivot">
                  <PivotScreen />
                </FeatureGate>
              }
            />
            <Route
              path="/analytics/schedules/:id?"
              element={
                <FeatureGate name="schedules">
                  <SchedulesScreen />
                </FeatureGate>
              }
            />
            <Route path="/reports" element={<Navigate to="/analytics/pivot" replace />} />
            <Route
              path="/reports/:id"
              element={
                <FeatureGate name="pivot">
                  <PivotScreen />
                </FeatureGate>
              }
            />
            <Route path="/analytics/dashboards/:id?" element={<DashboardsScreen />} />
            <Route path="/goals" element={<GoalsScreen />} />
            <Route path="/goals/:id" element={<GoalScreen />} />
            <Route path="/campaigns" element={<CampaignsScreen />} />
            <Route path="/campaigns/templates" element={<TemplatesScreen />} />
            <Route path="/campaigns/suppressions" element={<SuppressionsScreen />} />
            <Route path="/campaigns/:id" element={<CampaignScreen />} />
            <Route path="/tasks/board" element={<TaskBoardScreen />} />
            <Route path="/tasks/calendar" element={<TaskCalendarScreen />} />
            <Route path="/tasks/workload" element={<WorkloadScreen />} />
            <Route path="/:list" element={<ListScreen />} />
            <Route path="/:list/:id" element={<RecordScreen />} />
          </Routes>
        </Later>
      </AppShell>
    </ExportMakersContext>
  );
}

/** The first screen and what is asked on it go first. */
const AHEAD_AFTER_MS = 2_000;

/** Loads what is opened next while nobody waits for anything, so that it is there at the first click as at the second. */
function Ahead() {
  const [isTime, setTime] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setTime(true);
      void loadListScreen();
      void loadRecordScreen();
      void loadInboxScreen();
    }, AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const board = useBoardQuery(NO_RANGES);
  usePrepared('board', isTime ? board : null);
  usePrepared('inbox', isTime ? firstInboxQuery() : null);
  return null;
}

function Later(props: { readonly children: ReactNode }) {
  return (
    <ScreenBoundary>
      <Suspense fallback={null}>{props.children}</Suspense>
    </ScreenBoundary>
  );
}
