import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { Actor } from '#shared/access/actor.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import { KEEP_FILES_DAYS, KEEP_FILES_MB } from '#shared/files/file-limits.ts';
import type { Preferences } from '#shared/ipc/app-channels.ts';
import type { AppInfo, SessionState } from '#shared/ipc/session-state.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';

/** What main announces about this computer: who is signed in, how sync stands, the person's preferences. */
export interface DeviceState {
  readonly info: AppInfo | null;
  /** Who is signed in, as the screens shall see it: with the rights of another role while that is looked at. */
  readonly session: SessionState | null;
  /** The same as main says it. */
  readonly ownSession: SessionState | null;
  /** An administrator looks at this window as somebody with another role; null otherwise. */
  readonly viewAs: ViewAs | null;
  readonly sync: SyncStatus | null;
  readonly preferences: Preferences;
  /** Connected colleagues; null when nobody can tell. */
  readonly online: Readonly<Record<string, true>> | null;
}

/** The role that is looked at, and who somebody with it is. */
export interface ViewAs {
  readonly wanted: RolePerson;
  readonly actor: Actor;
}

function seenSession(own: SessionState | null, viewAs: ViewAs | null): SessionState | null {
  return viewAs !== null && own?.status === 'signedIn' ? { ...own, actor: viewAs.actor } : own;
}

const initialState: DeviceState = {
  info: null,
  session: null,
  ownSession: null,
  viewAs: null,
  sync: null,
  preferences: {
    theme: 'system',
    language: 'system',
    keepFilesDays: KEEP_FILES_DAYS.usual,
    keepFilesMb: KEEP_FILES_MB.usual,
  },
  online: null,
};

const slice = createSlice({
  name: 'device',
  initialState,
  reducers: {
    infoArrived: (state, action: PayloadAction<AppInfo>) => ({ ...state, info: action.payload }),
    sessionChanged: (state, action: PayloadAction<SessionState>) => {
      const viewAs = action.payload.status === 'signedIn' ? state.viewAs : null;
      return { ...state, viewAs, ownSession: action.payload, session: seenSession(action.payload, viewAs) };
    },
    viewAsChanged: (state, action: PayloadAction<ViewAs | null>) => ({
      ...state,
      viewAs: action.payload,
      session: seenSession(state.ownSession, action.payload),
    }),
    syncChanged: (state, action: PayloadAction<SyncStatus>) => ({ ...state, sync: action.payload }),
    preferencesChanged: (state, action: PayloadAction<Preferences>) => ({ ...state, preferences: action.payload }),
    onlineChanged: (state, action: PayloadAction<readonly string[] | null>) => ({
      ...state,
      online: action.payload === null ? null : Object.fromEntries(action.payload.map((id) => [id, true as const])),
    }),
  },
});

export const { onlineChanged, infoArrived, sessionChanged, viewAsChanged, syncChanged, preferencesChanged } =
  slice.actions;
export const deviceReducer = slice.reducer;
