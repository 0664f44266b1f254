import { useAppSelector } from '#renderer/app/store/store.ts';

/** True while the server answers. */
export function useIsOnline(): boolean {
  return useAppSelector(({ device }) => {
    const phase = device.sync?.phase;
    return phase === 'idle' || phase === 'pulling' || phase === 'pushing';
  });
}
