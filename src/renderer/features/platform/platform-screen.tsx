// The window of the installation, apart from that of the person and the organization: for super administrators of the operator's
// organization, with what each of their rights opens.
import {
  IconActivity,
  IconAdjustments,
  IconBuildingCommunity,
  IconHistory,
  IconLifebuoy,
  IconPackages,
  IconReceipt,
  IconShieldLock,
  IconTool,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { SectionWindow, WindowMessage } from '#renderer/blocks/section-window.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FeaturesSection } from '#renderer/features/platform/features-section.tsx';
import { HealthSection } from '#renderer/features/platform/health-section.tsx';
import { MaintenanceSection } from '#renderer/features/platform/maintenance-section.tsx';
import { OrganizationsSection } from '#renderer/features/platform/organizations-section.tsx';
import { PlansSection } from '#renderer/features/platform/plans-section.tsx';
import { PlatformAuditSection } from '#renderer/features/platform/platform-audit-section.tsx';
import { RulesSection } from '#renderer/features/platform/rules-section.tsx';
import { SupportSection } from '#renderer/features/platform/support-section.tsx';
import { UsageSection } from '#renderer/features/platform/usage-section.tsx';
import type { PermissionName } from '#shared/access/permissions.ts';
import classes from './platform.module.css';

interface PlatformSection {
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly needs: PermissionName;
  readonly Content: ComponentType;
}

const sections: readonly PlatformSection[] = [
  {
    key: 'organizations',
    icon: IconBuildingCommunity,
    needs: 'platform.view_all_tenants',
    Content: OrganizationsSection,
  },
  { key: 'plans', icon: IconPackages, needs: 'platform.manage_subscriptions', Content: PlansSection },
  { key: 'usage', icon: IconReceipt, needs: 'platform.manage_subscriptions', Content: UsageSection },
  { key: 'features', icon: IconAdjustments, needs: 'platform.manage_feature_flags', Content: FeaturesSection },
  { key: 'rules', icon: IconShieldLock, needs: 'platform.configure_global_settings', Content: RulesSection },
  { key: 'maintenance', icon: IconTool, needs: 'platform.configure_global_settings', Content: MaintenanceSection },
  { key: 'support', icon: IconLifebuoy, needs: 'platform.manage_support_staff', Content: SupportSection },
  { key: 'health', icon: IconActivity, needs: 'platform.view_system_metrics', Content: HealthSection },
  { key: 'audit', icon: IconHistory, needs: 'platform.access_audit_logs', Content: PlatformAuditSection },
];

export function PlatformScreen() {
  const { t } = useTranslation();
  const { section = 'organizations' } = useParams();
  const session = useAppSelector((state) => state.device.session);
  const offered =
    session?.status === 'signedIn' ? sections.filter(({ needs }) => session.actor.permissions.includes(needs)) : [];
  if (offered.length === 0) return <WindowMessage text={t('platform.notYours')} />;
  const shown = offered.find(({ key }) => key === section) ?? offered[0];
  if (shown === undefined) return null;
  const { Content } = shown;
  const links = offered.map(({ key, icon }) => ({
    key,
    icon,
    path: `/platform/${key}`,
    title: t(`platform.${key}.title`),
  }));
  return (
    <SectionWindow
      label={t('platform.title')}
      groups={[{ title: t('platform.title'), sections: links }]}
      current={shown.key}
    >
      <div className={classes.content}>
        <Content key={shown.key} />
      </div>
    </SectionWindow>
  );
}
