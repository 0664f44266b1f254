import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SignInWay } from '#renderer/features/settings/people/use-sign-in-ways.ts';

export type UserAction =
  | 'edit'
  | 'invite'
  | 'inviteAgain'
  | 'withdraw'
  | 'renew'
  | 'devices'
  | 'handOver'
  | 'switchOff'
  | 'switchOn';

/** Everything that can be done with a colleague; what makes no sense or is not allowed is not there. */
export function UserMenu(props: {
  readonly name: string;
  readonly isOwn: boolean;
  readonly isActive: boolean;
  readonly way: SignInWay | undefined;
  readonly mayCorrect: boolean;
  readonly maySwitch: boolean;
  readonly onAction: (action: UserAction) => void;
}) {
  const { t } = useTranslation();
  const { isActive, isOwn, way, maySwitch } = props;
  const waits = way?.state === 'oneTime' || way?.state === 'expired';
  const offered: readonly (readonly [UserAction, boolean])[] = [
    ['edit', props.mayCorrect],
    ['invite', !isOwn && isActive && way?.state === 'none'],
    ['inviteAgain', !isOwn && isActive && waits],
    ['withdraw', !isOwn && waits],
    ['renew', !isOwn && isActive && way?.state === 'own'],
    ['devices', way !== undefined || isOwn],
    ['handOver', maySwitch],
    ['switchOff', maySwitch && isActive],
    ['switchOn', maySwitch && !isActive],
  ];
  const shown = offered.filter(([, isOffered]) => isOffered);
  if (shown.length === 0) return null;
  const label = t('people.more', { name: props.name });
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} title={label}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {shown.map(([action]) => (
          <Menu.Item
            key={action}
            {...(action === 'switchOff' ? { color: 'red' } : {})}
            onClick={() => props.onAction(action)}
          >
            {t(`people.action.${action}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
