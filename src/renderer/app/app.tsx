import { Notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { Provider } from 'react-redux';
import { HashRouter } from 'react-router';
import { Branded } from '#renderer/app/brand/branded.tsx';
import { FollowDefinitions } from '#renderer/app/follow-definitions.tsx';
import { changeLanguage, toLanguage } from '#renderer/app/i18n/i18n.ts';
import { LockCover } from '#renderer/app/lock/lock-cover.tsx';
import { RoleViewer } from '#renderer/app/role-viewer.tsx';
import { AppRoutes } from '#renderer/app/routes.tsx';
import { useAppSelector, type createStore } from '#renderer/app/store/store.ts';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import { DataContext } from '#renderer/data/use-data.ts';

export function App(props: { readonly store: ReturnType<typeof createStore> }) {
  return (
    <Provider store={props.store}>
      <ThemedApp />
    </Provider>
  );
}

function ThemedApp() {
  const [client] = useState(() => createDataClient(crypto.randomUUID()));
  const preferences = useAppSelector((state) => state.device.preferences);
  const locale = useAppSelector((state) => state.device.info?.locale ?? 'en');
  useEffect(() => {
    void changeLanguage(toLanguage(preferences.language, locale));
  }, [preferences.language, locale]);
  return (
    <DataContext value={client}>
      <Branded>
        <FollowDefinitions />
        <Notifications position="bottom-right" />
        <RoleViewer>
          <HashRouter>
            <AppRoutes />
          </HashRouter>
          <LockCover />
        </RoleViewer>
      </Branded>
    </DataContext>
  );
}
