import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { AppInfo, Preferences, SessionState, SyncStatus } from '#shared/ipc/contract.ts';

/** What main announces about this computer: who is signed in, how sync stands, the person's preferences. */
export interface DeviceState {
  readonly info: AppInfo | null;
  readonly session: SessionState | null;
  readonly sync: SyncStatus | null;
  readonly preferences: Preferences;
}

const initialState: DeviceState = {
  info: null,
  session: null,
  sync: null,
  preferences: { theme: 'system', language: 'system' },
};

const slice = createSlice({
  name: 'device',
  initialState,
  reducers: {
    infoArrived: (state, action: PayloadAction<AppInfo>) => ({ ...state, info: action.payload }),
    sessionChanged: (state, action: PayloadAction<SessionState>) => ({ ...state, session: action.payload }),
    syncChanged: (state, action: PayloadAction<SyncStatus>) => ({ ...state, sync: action.payload }),
    preferencesChanged: (state, action: PayloadAction<Preferences>) => ({ ...state, preferences: action.payload }),
  },
});

export const { infoArrived, sessionChanged, syncChanged, preferencesChanged } = slice.actions;
export const deviceReducer = slice.reducer;
