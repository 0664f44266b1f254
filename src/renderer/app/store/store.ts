import { configureStore } from '@reduxjs/toolkit';
import { useDispatch, useSelector, useStore } from 'react-redux';
import { deviceReducer } from '#renderer/app/store/session-slice.ts';
import { initialViewState, viewReducer, type ViewState } from '#renderer/app/store/view-slice.ts';

const STORAGE_KEY = 'outpost.view';

function loadView(): ViewState {
  const text = localStorage.getItem(STORAGE_KEY);
  if (text === null) return initialViewState;
  try {
    return { ...initialViewState, ...(JSON.parse(text) as Partial<ViewState>) };
  } catch {
    // Damaged view settings are worth nothing: start from the defaults rather than refuse to start.
    localStorage.removeItem(STORAGE_KEY);
    return initialViewState;
  }
}

export function createStore() {
  const store = configureStore({
    reducer: { device: deviceReducer, view: viewReducer },
    preloadedState: { view: loadView() },
  });
  let saved = store.getState().view;
  store.subscribe(() => {
    const view = store.getState().view;
    if (view === saved) return;
    saved = view;
    localStorage.setItem(STORAGE_KEY, JSON.stringify(view));
  });
  return store;
}

type Store = ReturnType<typeof createStore>;
export type State = ReturnType<Store['getState']>;

export const useAppDispatch = useDispatch.withTypes<Store['dispatch']>();
export const useAppStore = useStore.withTypes<Store>();
export const useAppSelector = useSelector.withTypes<State>();
