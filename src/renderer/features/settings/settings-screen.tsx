// The settings window: sections on the left, one page on the right. What a role may not change is not offered.
import {
  IconActivity,
  IconBell,
  IconApi,
  IconCoins,
  IconDevices,
  IconEyeOff,
  IconForms,
  IconHierarchy2,
  IconHistory,
  IconKey,
  IconLayoutKanban,
  IconLicense,
  IconLock,
  IconLogin2,
  IconMail,
  IconMailCog,
  IconMap2,
  IconPalette,
  IconPlugConnectedX,
  IconRefresh,
  IconShieldLock,
  IconSpeakerphone,
  IconUser,
  IconUsers,
  IconUsersGroup,
  IconWand,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { SectionWindow, WindowMessage } from '#renderer/blocks/section-window.tsx';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { AboutSection } from '#renderer/features/settings/about-section.tsx';
import { ApiKeysSection } from '#renderer/features/settings/api-keys/api-keys-section.tsx';
import { AuditSection } from '#renderer/features/settings/audit/audit-section.tsx';
import { BrandSection } from '#renderer/features/settings/brand/brand-section.tsx';
import { CampaignSendingSection } from '#renderer/features/settings/campaigns/campaign-sending-section.tsx';
import { CustomFieldsSection } from '#renderer/features/settings/custom-fields/custom-fields-section.tsx';
import { DevicesSection } from '#renderer/features/settings/devices-section.tsx';
import { OfflineSection } from '#renderer/features/settings/offline-section.tsx';
import { FieldsSection } from '#renderer/features/settings/fields-section.tsx';
import { FiguresSection } from '#renderer/features/settings/figures-section.tsx';
import { NotificationsSection } from '#renderer/features/settings/notifications-section.tsx';
import { PipelinesSection } from '#renderer/features/settings/pipelines/pipelines-section.tsx';
import { ProfileSection } from '#renderer/features/settings/profile-section.tsx';
import { MailboxesSection } from '#renderer/features/settings/mailboxes/mailboxes-section.tsx';
import { MailSection } from '#renderer/features/settings/mail-section.tsx';
import { ReportingSection } from '#renderer/features/settings/people/reporting-section.tsx';
import { TeamsSection } from '#renderer/features/settings/people/teams-section.tsx';
import { ReachSection } from '#renderer/features/settings/reach/reach-section.tsx';
import { SecuritySection } from '#renderer/features/settings/security/security-section.tsx';
import { SignInRulesSection } from '#renderer/features/settings/sign-in-rules/sign-in-rules-section.tsx';
import { OperationsSection } from '#renderer/features/settings/operations-section.tsx';
import { RolesSection } from '#renderer/features/settings/roles-section.tsx';
import { UsersSection } from '#renderer/features/settings/people/users-section.tsx';
import { DraftingSection } from '#renderer/features/settings/drafting/drafting-section.tsx';
import { SsoSection } from '#renderer/features/settings/sso/sso-section.tsx';
import { WebhooksSection } from '#renderer/features/settings/webhooks/webhooks-section.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import { StandingSection } from '#renderer/features/settings/standing/standing-section.tsx';
import { mayConfigureSignIn } from '#shared/sso/may-configure.ts';
import { TerritoriesSection } from '#renderer/features/settings/territories/territories-section.tsx';

const sections: readonly {
  readonly key: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly group: 'personal' | 'organization';
}[] = [
  { key: 'profile', icon: IconUser, group: 'personal' },
  { key: 'notifications', icon: IconBell, group: 'personal' },
  { key: 'security', icon: IconShieldLock, group: 'personal' },
  { key: 'devices', icon: IconDevices, group: 'personal' },
  { key: 'offline', icon: IconPlugConnectedX, group: 'personal' },
  { key: 'mailboxes', icon: IconMail, group: 'personal' },
  { key: 'apiKeys', icon: IconKey, group: 'personal' },
  { key: 'about', icon: IconRefresh, group: 'personal' },
  { key: 'brand', icon: IconPalette, group: 'organization' },
  { key: 'users', icon: IconUsers, group: 'organization' },
  { key: 'teams', icon: IconUsersGroup, group: 'organization' },
  { key: 'reporting', icon: IconHierarchy2, group: 'organization' },
  { key: 'roles', icon: IconLock, group: 'organization' },
  { key: 'signInRules', icon: IconKey, group: 'organization' },
  { key: 'fields', icon: IconEyeOff, group: 'organization' },
  { key: 'pipelines', icon: IconLayoutKanban, group: 'organization' },
  { key: 'customFields', icon: IconForms, group: 'organization' },
  { key: 'territories', icon: IconMap2, group: 'organization' },
  { key: 'figures', icon: IconCoins, group: 'organization' },
  { key: 'standing', icon: IconLicense, group: 'organization' },
  { key: 'sso', icon: IconLogin2, group: 'organization' },
  { key: 'mail', icon: IconMailCog, group: 'organization' },
  { key: 'campaigns', icon: IconSpeakerphone, group: 'organization' },
  { key: 'drafting', icon: IconWand, group: 'organization' },
  { key: 'reach', icon: IconApi, group: 'organization' },
  { key: 'webhooks', icon: IconWebhook, group: 'organization' },
  { key: 'audit', icon: IconHistory, group: 'organization' },
  { key: 'operations', icon: IconActivity, group: 'organization' },
];

function isOffered(key: string, actor: Actor): boolean {
  if (key === 'fields') return isUnrestrictedRole(actor.role);
  if (key === 'sso') return mayConfigureSignIn(actor);
  if (['brand', 'mail', 'drafting', 'pipelines', 'customFields', 'signInRules', 'standing', 'reach'].includes(key))
    return actor.permissions.includes('org.configure_settings');
  if (key === 'campaigns' || key === 'webhooks') return actor.permissions.includes('org.manage_integrations');
  if (key === 'operations') return actor.permissions.includes('system.health');
  return key !== 'audit' || actor.permissions.includes('org.view_audit_logs');
}

export function SettingsScreen() {
  const { t } = useTranslation();
  const { section: asked = 'profile' } = useParams();
  const session = useAppSelector((state) => state.device.session);
  if (session?.status !== 'signedIn') return <WindowMessage text={t('settings.signedOut')} />;
  // No redirect: asked twice in a row for what is not offered, it would leave the window empty.
  const isThere = sections.some(({ key }) => key === asked && isOffered(key, session.actor));
  const section = isThere ? asked : 'profile';
  const groups = (['personal', 'organization'] as const).map((group) => ({
    title: t(`settings.group.${group}`),
    sections: sections
      .filter((item) => item.group === group && isOffered(item.key, session.actor))
      .map(({ key, icon }) => ({ key, icon, path: `/settings/${key}`, title: t(`settings.${key}.title`) })),
  }));
  return (
    <SectionWindow label={t('settings.title')} groups={groups} current={section}>
      {section === 'profile' ? <ProfileSection actor={session.actor} /> : null}
      {section === 'notifications' ? <NotificationsSection actor={session.actor} /> : null}
      {section === 'security' ? <SecuritySection /> : null}
      {section === 'signInRules' ? <SignInRulesSection /> : null}
      {section === 'devices' ? <DevicesSection actor={session.actor} /> : null}
      {section === 'offline' ? <OfflineSection actor={session.actor} /> : null}
      {section === 'about' ? <AboutSection serverUrl={session.serverUrl} tenantName={session.tenantName} /> : null}
      {section === 'brand' ? <BrandSection tenantName={session.tenantName} /> : null}
      {section === 'teams' ? <TeamsSection /> : null}
      {section === 'reporting' ? <ReportingSection /> : null}
      {section === 'users' ? <UsersSection actor={session.actor} /> : null}
      {section === 'roles' ? <RolesSection actor={session.actor} /> : null}
      {section === 'fields' ? <FieldsSection actor={session.actor} /> : null}
      {section === 'pipelines' ? <PipelinesSection /> : null}
      {section === 'customFields' ? <CustomFieldsSection /> : null}
      {section === 'figures' ? <FiguresSection /> : null}
      {section === 'standing' ? <StandingSection /> : null}
      {section === 'sso' ? <SsoSection actor={session.actor} /> : null}
      {section === 'mailboxes' ? <MailboxesSection /> : null}
      {section === 'mail' ? <MailSection actor={session.actor} /> : null}
      {section === 'campaigns' ? <CampaignSendingSection /> : null}
      {section === 'drafting' ? <DraftingSection /> : null}
      {section === 'apiKeys' ? <ApiKeysSection actor={session.actor} /> : null}
      {section === 'reach' ? <ReachSection /> : null}
      {section === 'webhooks' ? <WebhooksSection /> : null}
      {section === 'audit' ? <AuditSection actor={session.actor} /> : null}
      {section === 'operations' ? <OperationsSection /> : null}
      {section === 'territories' ? <TerritoriesSection /> : null}
    </SectionWindow>
  );
}
