// Entry of the hidden window that owns the local database. It has no screen: the main process tells it which profile
// to open, windows ask it over BroadcastChannel.
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { Language } from '#renderer/data/notification-bell.ts';
import { createTranslate } from '#shared/words/translate.ts';
import { noteErrors } from '#renderer/data/note-errors.ts';
import { createDataService } from '#renderer/data/data-service.ts';
import { serveClients } from '#renderer/data/serve-clients.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import type { LocalStorage } from '#renderer/data/profile-session.ts';
import { createTimeZone, type TimeZone } from '#shared/analytics/time-zone.ts';
import { toDay, type Day } from '#shared/kernel/calendar.ts';
import { toErrorData } from '#shared/kernel/errors.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import type { EventPayloads } from '#shared/ipc/contract.ts';

const MINUTE_MS = 60_000;
const clock = { now: () => Date.now() };
const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

/** Today where the user sits. */
function today(): Day {
  const now = new Date();
  return toDay(now.getTime() - now.getTimezoneOffset() * MINUTE_MS);
}

/** The day of an instant where the user sits. Asking the system for its time zone is left until somebody wants to know. */
let known: TimeZone | null = null;
function here(): TimeZone {
  return (known ??= createTimeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone));
}

/** That of this computer; asked for when it is first needed, because a start has no time for it. */
const zone: TimeZone = {
  dayOf: (epochMs) => here().dayOf(epochMs),
  offsetAt: (epochMs) => here().offsetAt(epochMs),
  startOf: (day) => here().startOf(day),
};

async function openStorage(storageKey: string | undefined): Promise<LocalStorage> {
  if (storageKey === undefined) return getSegmentStorage();
  const bytes = Uint8Array.from(atob(storageKey), (letter) => letter.codePointAt(0) ?? 0);
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  return getSegmentStorage({ key });
}

/** Language and texts of this computer, read when something is to be said. */
async function readLanguage(bridge: ReturnType<typeof getBridge>): Promise<Language> {
  const [{ language }, { locale }] = await Promise.all([
    invokeMain(bridge, 'preferences.get', {}),
    invokeMain(bridge, 'app.info', {}),
  ]);
  const isGerman = (language === 'system' ? locale : language).toLowerCase().startsWith('de');
  const { default: texts } = isGerman
    ? await import('../../../resources/translations/de.json')
    : await import('../../../resources/translations/en.json');
  return {
    locale: isGerman ? 'de-DE' : locale.startsWith('en') ? locale : 'en-GB',
    t: createTranslate(texts, isGerman ? 'de' : 'en'),
  };
}

function startDataHost(): void {
  const bridge = getBridge();
  const noteError = noteErrors(bridge, 'data-host');
  const service = createDataService({
    openStorage,
    journal: {
      append: (operations) => invokeMain(bridge, 'journal.append', { ops: [...operations] }),
      pending: () => invokeMain(bridge, 'journal.pending', {}),
    },
    keepImport: async (work) => {
      await invokeMain(bridge, 'imports.keep', work);
    },
    clock,
    createId: createIdFactory(clock, random),
    sinceStartMs: () => performance.now(),
    today,
    zone,
    after: (delayMs, task) => {
      setTimeout(task, delayMs);
    },
    noteError,
    onRebuilt: () => void invokeMain(bridge, 'host.ready', {}),
    bell: {
      language: () => readLanguage(bridge),
      tell: (news) => invokeMain(bridge, 'notifications.tell', { ...news, alerts: [...news.alerts] }),
    },
  });

  async function answer({ requestId, request }: EventPayloads['host.request']): Promise<void> {
    try {
      const value = await service.handle(request);
      await invokeMain(bridge, 'host.answer', { requestId, ok: true, value });
    } catch (error) {
      await invokeMain(bridge, 'host.answer', { requestId, ok: false, value: toErrorData(error) });
    }
  }
  bridge.on('host.request', (payload) => void answer(payload));
  serveClients(service, crypto.randomUUID());

  let day = today();
  setInterval(() => {
    if (day === today()) return;
    day = today();
    service.startDay();
  }, MINUTE_MS);
  void invokeMain(bridge, 'host.ready', {});
}

startDataHost();
