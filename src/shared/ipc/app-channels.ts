// The program itself: windows, updates, preferences, desktop messages.
import { type Static, Type } from 'typebox';
import { KEEP_FILES_DAYS, KEEP_FILES_MB } from '#shared/files/file-limits.ts';
import { besideMain, channel, everyone, hostOnly, nothing, screens, text, userWindows } from '#shared/ipc/channel.ts';
import { NotificationAlertSchema } from '#shared/ipc/host-request.ts';
import type { AppInfo } from '#shared/ipc/session-state.ts';

export type UpdateStatus =
  | { readonly state: 'idle' | 'checking' | 'none' | 'unsupported' }
  | { readonly state: 'available' | 'ready'; readonly version: string }
  | { readonly state: 'downloading'; readonly percent: number }
  | { readonly state: 'failed'; readonly message: string };

const ToldErrorSchema = Type.Object(
  {
    kind: text(64),
    /** Page it happened in. */
    place: text(64),
    frames: Type.Array(
      Type.Object({ function: text(128), file: text(128), line: Type.Integer(), column: Type.Integer() }),
      { maxItems: 30 },
    ),
  },
  { additionalProperties: false },
);

export type ToldError = Static<typeof ToldErrorSchema>;

/** What belongs to this computer and person, not to the organization. Kept by main, announced to all windows. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'system' | 'en' | 'de';
  /** Files attached within so many days are fetched before somebody asks; 0: none. */
  readonly keepFilesDays: number;
  /** Most that copies of files may take on this computer. */
  readonly keepFilesMb: number;
}

export const appChannels = {
  'app.info': channel<AppInfo>()(nothing, everyone),
  /** An error nobody expected in a page: kind and places, never its message. */
  'app.noteError': channel<null>()(ToldErrorSchema, everyone),
  /** What the inbox holds for messages outside the windows. */
  'notifications.tell': channel<null>()(
    Type.Object({
      userId: text(64),
      unread: Type.Integer(),
      quietUntil: Type.Union([Type.String({ maxLength: 32 }), Type.Null()]),
      nextAt: Type.Union([Type.String({ maxLength: 32 }), Type.Null()]),
      alerts: Type.Array(NotificationAlertSchema, { maxItems: 50 }),
    }),
    hostOnly,
  ),
  'window.openSettings': channel<null>()(Type.Object({ section: text(64) }), [...screens, 'operations']),
  'window.openDoctor': channel<null>()(nothing, [...screens, 'operations']),
  /** What this computer does by itself; administrators see the jobs of the server beside it. */
  'window.openJobs': channel<null>()(nothing, [...screens, 'operations']),
  /** How the server does, for administrators. */
  'window.openOperations': channel<null>()(nothing, screens),
  /** Of the installation; shown to super administrators. */
  'window.openPlatform': channel<null>()(nothing, screens),
  /** The audit explorer; `path` says what it shows, such as `/audit/entries?entity=deal&id=…`. */
  'window.openAudit': channel<null>()(
    Type.Object({ path: Type.String({ pattern: '^/audit(/|$)', maxLength: 300 }) }),
    screens,
  ),
  /** Shows a record in a main window. */
  'window.showRecord': channel<null>()(
    Type.Object({
      path: Type.String({ maxLength: 128, pattern: '^/[a-z]{1,32}(/[0-9A-Za-z][0-9A-Za-z._-]{0,63})?$' }),
    }),
    besideMain,
  ),
  /** Whether this window holds typed work that is nowhere else yet. */
  'window.noteTyped': channel<null>()(Type.Object({ isTyped: Type.Boolean() }), userWindows),
  /** Whether it may go, when main asked. */
  'window.answerTyped': channel<null>()(Type.Object({ discards: Type.Boolean() }), userWindows),
  'notification.show': channel<null>()(Type.Object({ title: text(200), body: text(1000), path: text(512) }), everyone),
  'shell.openExternal': channel<null>()(Type.Object({ url: text(2048) }), screens),
  'update.status': channel<UpdateStatus>()(nothing, screens),
  'update.check': channel<UpdateStatus>()(nothing, screens),
  'update.install': channel<null>()(nothing, screens),
  'preferences.get': channel<Preferences>()(nothing, everyone),
  'preferences.set': channel<Preferences>()(
    Type.Partial(
      Type.Object({
        theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
        language: Type.Union([Type.Literal('system'), Type.Literal('en'), Type.Literal('de')]),
        keepFilesDays: Type.Integer({ minimum: KEEP_FILES_DAYS.least, maximum: KEEP_FILES_DAYS.most }),
        keepFilesMb: Type.Integer({ minimum: KEEP_FILES_MB.least, maximum: KEEP_FILES_MB.most }),
      }),
    ),
    screens,
  ),
} as const;
