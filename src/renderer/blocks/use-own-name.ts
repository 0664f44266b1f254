import { useAppSelector } from '#renderer/app/store/store.ts';
import { useLive } from '#renderer/data/use-data.ts';

/** Name of the signed-in person as the own record has it now; what came with the sign-in until that is read. */
export function useOwnName(): string {
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  const { data } = useLive('record', actor === null ? null : { entity: 'user', id: actor.userId });
  const name = data?.record?.['name'];
  return typeof name === 'string' && name !== '' ? name : (actor?.name ?? '');
}
