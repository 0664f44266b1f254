import { useAppSelector } from '#renderer/app/store/store.ts';

/** True until everything was exchanged with the server once: what is missing here is then not missing, only under way. */
export function useIsFirstSync(): boolean {
  return useAppSelector(
    ({ device: { sync } }) => sync !== null && sync.upToDateAt === null && sync.phase !== 'signedOut',
  );
}
