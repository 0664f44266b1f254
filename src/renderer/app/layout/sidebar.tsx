import { Kbd, Menu, UnstyledButton } from '@mantine/core';
import {
  IconActivity,
  IconAddressBook,
  IconBell,
  IconBuilding,
  IconBuildingCommunity,
  IconCheckbox,
  IconFileImport,
  IconFiles,
  IconFlag,
  IconHistory,
  IconHome,
  IconInbox,
  IconLayoutDashboard,
  IconLayoutKanban,
  IconPackage,
  IconLogout,
  IconMail,
  IconSearch,
  IconSettings,
  IconSpeakerphone,
  IconTableOptions,
  IconTargetArrow,
  IconTrendingUp,
  IconCurrencyEuro,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { CreateMenu } from '#renderer/app/layout/create-menu.tsx';
import { useBrand } from '#renderer/blocks/use-brand.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { RunningTimer } from '#renderer/blocks/tasks/running-timer.tsx';
import { useAttentionCount } from '#renderer/blocks/use-attention-count.ts';
import { useFeatures } from '#renderer/blocks/use-feature.ts';
import { useUnreadMail } from '#renderer/blocks/mail/use-unread-mail.ts';
import { useUnreadCount } from '#renderer/blocks/use-unread-count.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import type { FeatureName } from '#shared/platform/features.ts';
import { entities } from '#shared/entities/registry.ts';
import { BrandLogo } from '#renderer/ui/brand-logo.tsx';
import { Initials } from '#renderer/ui/initials.tsx';
import classes from './sidebar.module.css';

type Icon = ComponentType<{ size?: number; stroke?: number }>;

interface Entry {
  readonly path: string;
  readonly key: string;
  readonly icon: Icon;
  readonly feature?: FeatureName;
}

const sections: readonly (readonly Entry[])[] = [
  [
    { path: '/home', key: 'home', icon: IconHome },
    { path: '/inbox', key: 'inbox', icon: IconBell },
    { path: '/pipeline', key: 'pipeline', icon: IconLayoutKanban },
    { path: '/mail', key: 'mail', icon: IconMail },
    { path: '/attention', key: 'attention', icon: IconInbox },
  ],
  [
    { path: '/deals', key: 'deals', icon: IconCurrencyEuro },
    { path: '/accounts', key: 'accounts', icon: IconBuilding },
    { path: '/contacts', key: 'contacts', icon: IconAddressBook },
    { path: '/leads', key: 'leads', icon: IconTargetArrow },
    { path: '/activities', key: 'activities', icon: IconActivity },
    { path: '/tasks', key: 'tasks', icon: IconCheckbox },
    { path: '/products', key: 'products', icon: IconPackage },
    { path: '/documents', key: 'documents', icon: IconFiles },
    { path: '/campaigns', key: 'campaigns', icon: IconSpeakerphone },
  ],
  [
    { path: '/analytics/dashboards', key: 'dashboards', icon: IconLayoutDashboard },
    { path: '/goals', key: 'goals', icon: IconFlag },
    { path: '/analytics/forecast', key: 'forecast', icon: IconTrendingUp, feature: 'forecast' },
    { path: '/analytics/changes', key: 'changes', icon: IconHistory, feature: 'changes' },
    { path: '/analytics/pivot', key: 'pivot', icon: IconTableOptions, feature: 'pivot' },
  ],
  [{ path: '/import', key: 'import', icon: IconFileImport, feature: 'import' }],
];

/** More than this is many. */
const MOST_COUNTED = 999;
const badgeOf = (count: number): string => (count > MOST_COUNTED ? `${String(MOST_COUNTED)}+` : String(count));

export function Sidebar(props: { readonly onCommand: (command: string) => void }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const session = useAppSelector((state) => state.device.session);
  const ownName = useOwnName();
  const can = useCan();
  const attentionCount = useAttentionCount();
  const unreadCount = useUnreadCount();
  const unreadMail = useUnreadMail();
  const waiting: Readonly<Record<string, number>> = { attention: attentionCount, inbox: unreadCount, mail: unreadMail };
  const hasFeature = useFeatures();
  const brand = useBrand();
  if (session?.status !== 'signedIn') return null;
  const { permissions } = session.actor;
  const company = brand.name ?? session.tenantName;
  const seesDashboards = permissions.includes('record.analytics') || permissions.includes('dashboard.view_personal');
  return (
    <nav className={classes.sidebar} aria-label={t('nav.label')}>
      <div className={classes.top}>
        {brand.logo === null ? null : <BrandLogo logo={brand.logo} height={22} width={60} />}
        <div className={classes.company} title={company}>
          {company}
        </div>
      </div>
      <div className={classes.quick}>
        <UnstyledButton
          className={classes.search}
          onClick={() => props.onCommand('palette')}
          aria-keyshortcuts="Control+K"
        >
          <IconSearch size={15} aria-hidden />
          <span>{t('nav.search')}</span>
          <Kbd size="xs">{t('nav.searchKeys')}</Kbd>
        </UnstyledButton>
        <CreateMenu onCommand={props.onCommand} />
      </div>
      <div className={classes.scroll}>
        {sections.map((items, index) => (
          <ul key={items[0]?.path ?? index} className={classes.list}>
            {items
              .filter(
                ({ path, feature }) =>
                  (feature === undefined || hasFeature(feature)) &&
                  (path !== '/import' || can('create', entities.importJob)) &&
                  (path !== '/campaigns' || permissions.includes('campaign.read')) &&
                  (path !== '/analytics/dashboards' || seesDashboards) &&
                  (path !== '/analytics/changes' || permissions.includes('record.analytics')) &&
                  (path !== '/analytics/pivot' || can('create', entities.report)),
              )
              .map(({ path, key, icon: ItemIcon }) => (
                <li key={path}>
                  <NavLink to={path} className={classes.link ?? ''} draggable={false}>
                    <ItemIcon size={17} stroke={1.7} />
                    <span className={classes.linkText}>{t(`nav.${key}`)}</span>
                    {(waiting[key] ?? 0) > 0 ? (
                      <span className={classes.badge} data-tone={key}>
                        {badgeOf(waiting[key] ?? 0)}
                      </span>
                    ) : null}
                  </NavLink>
                </li>
              ))}
          </ul>
        ))}
      </div>
      <RunningTimer />
      <Menu position="top-start">
        <Menu.Target>
          <UnstyledButton className={classes.person} aria-label={t('nav.account')}>
            <Initials name={ownName} isDecorative />
            <span className={classes.personText}>
              <span>{ownName}</span>
              <span className={classes.role}>{roleName(session.actor)}</span>
            </span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconSettings size={15} />} onClick={() => props.onCommand('settings')}>
            {t('nav.settings')}
          </Menu.Item>
          {permissions.some((name) => name.startsWith('platform.')) ? (
            <Menu.Item leftSection={<IconBuildingCommunity size={15} />} onClick={() => props.onCommand('platform')}>
              {t('platform.open')}
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconLogout size={15} />}
            onClick={() => void window.outpost.invoke('session.signOut', { unsent: 'keep' })}
          >
            {t('nav.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
