import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { Provider } from 'react-redux';
import { HashRouter } from 'react-router';
import { Branded } from '#renderer/app/brand/branded.tsx';
import { FollowDefinitions } from '#renderer/app/follow-definitions.tsx';
import { changeLanguage, toLanguage } from '#renderer/app/i18n/i18n.ts';
import { sayOwnValidity } from '#renderer/app/layout/own-validity.ts';
import { returnFocusFromLayers } from '#renderer/app/layout/return-focus.ts';
import { LeaveQuestion } from '#renderer/app/layout/leave-question.tsx';
import { LockCover } from '#renderer/app/lock/lock-cover.tsx';
import { RoleViewer } from '#renderer/app/role-viewer.tsx';
import { AppRoutes } from '#renderer/app/routes.tsx';
import { useAppSelector, type createStore } from '#renderer/app/store/store.ts';
import type { DataClient } from '#renderer/data/data-contract.ts';
import { DataContext } from '#renderer/data/use-data.ts';

export interface AppProps {
  readonly store: ReturnType<typeof createStore>;
  readonly client: DataClient;
}

export function App({ store, client }: AppProps) {
  return (
    <Provider store={store}>
      <DataContext value={client}>
        <ThemedApp />
      </DataContext>
    </Provider>
  );
}

function ThemedApp() {
  const preferences = useAppSelector((state) => state.device.preferences);
  const locale = useAppSelector((state) => state.device.info?.locale ?? 'en');
  useEffect(() => {
    void changeLanguage(toLanguage(preferences.language, locale));
  }, [preferences.language, locale]);
  // Nothing here listens to the language: a change of it does not draw the whole window anew.
  useEffect(returnFocusFromLayers, []);
  useEffect(sayOwnValidity, []);
  return (
    <Branded>
      <FollowDefinitions />
      <Notifications position="bottom-right" />
      <RoleViewer>
        <HashRouter>
          <AppRoutes />
        </HashRouter>
        <LeaveQuestion />
        <LockCover />
      </RoleViewer>
    </Branded>
  );
}
