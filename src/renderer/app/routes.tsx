// Which screen stands at which path. Screens that carry a heavy library are loaded when first opened.
import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { AppShell } from '#renderer/app/layout/app-shell.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { HomeScreen } from '#renderer/features/home/home-screen.tsx';
import { PipelineScreen } from '#renderer/features/pipeline/pipeline-screen.tsx';
import { WelcomeScreen } from '#renderer/features/welcome/welcome-screen.tsx';

const ListScreen = lazy(async () => ({
  default: (await import('#renderer/features/records/list-screen.tsx')).ListScreen,
}));
const RecordScreen = lazy(async () => ({
  default: (await import('#renderer/features/records/record-screen.tsx')).RecordScreen,
}));
const AttentionScreen = lazy(async () => ({
  default: (await import('#renderer/features/attention/attention-screen.tsx')).AttentionScreen,
}));
const ImportScreen = lazy(async () => ({
  default: (await import('#renderer/features/import/import-screen.tsx')).ImportScreen,
}));
const DoctorScreen = lazy(async () => ({
  default: (await import('#renderer/features/doctor/doctor-screen.tsx')).DoctorScreen,
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
          <Route path="/settings/:section?" element={<SettingsScreen />} />
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
  if (session?.status !== 'signedIn') return <WelcomeScreen />;
  return (
    <AppShell>
      <Later>
        <Routes>
          <Route path="/" element={<Navigate to="/home" replace />} />
          <Route path="/home" element={<HomeScreen />} />
          <Route path="/pipeline" element={<PipelineScreen />} />
          <Route path="/attention" element={<AttentionScreen />} />
          <Route path="/import" element={<ImportScreen />} />
          <Route path="/:list" element={<ListScreen />} />
          <Route path="/:list/:id" element={<RecordScreen />} />
        </Routes>
      </Later>
    </AppShell>
  );
}

function Later(props: { readonly children: ReactNode }) {
  return <Suspense fallback={null}>{props.children}</Suspense>;
}
