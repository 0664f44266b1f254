import { IconToggleLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeatures } from '#renderer/blocks/use-feature.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import type { FeatureName } from '#shared/platform/features.ts';

/** A screen of a feature, or that the organization does not have it. */
export function FeatureGate(props: { readonly name: FeatureName; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const hasFeature = useFeatures();
  if (hasFeature(props.name)) return props.children;
  return (
    <EmptyState
      icon={<IconToggleLeft size={28} stroke={1.5} />}
      title={t('closure.featureOff', { feature: t(`platform.features.names.${props.name}`) })}
      text={t('closure.featureOffText')}
    />
  );
}
