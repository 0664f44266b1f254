import { useAppSelector } from '#renderer/app/store/store.ts';
import { isFeatureOn, type FeatureName } from '#shared/platform/features.ts';

/** Which features the person has: the same rules as on the server, as they were last heard. */
export function useFeatures(): (name: FeatureName) => boolean {
  const session = useAppSelector((state) => state.device.session);
  return (name) => session?.status === 'signedIn' && isFeatureOn(session.features, name, session.actor);
}
