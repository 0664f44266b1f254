// Entry of every visible window. What the window shows is decided by its route: `/settings/…` is the settings window.
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import '#renderer/ui/theme.css';
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/app/app.tsx';
import { connectStore } from '#renderer/app/bridge-store.ts';
import { readAhead, startI18n, toLanguage } from '#renderer/app/i18n/i18n.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import { noteErrors } from '#renderer/data/note-errors.ts';
import { createStore } from '#renderer/app/store/store.ts';

async function start(): Promise<void> {
  noteErrors(getBridge(), 'window');
  readAhead();
  const element = document.getElementById('root');
  if (element === null) throw new Error('index.html has no #root');
  // Found while the texts are read, so that the first screen asks at once.
  const client = createDataClient(crypto.randomUUID());
  const store = createStore();
  await connectStore(store);
  const { info, preferences } = store.getState().device;
  await startI18n(toLanguage(preferences.language, info?.locale ?? 'en'));
  createRoot(element).render(<App store={store} client={client} />);
}

void start();
