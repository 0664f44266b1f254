import { Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { DeviceTable } from '#renderer/features/settings/people/device-table.tsx';
import { HandOverDialog } from '#renderer/features/settings/people/hand-over-dialog.tsx';
import { UserDialog } from '#renderer/features/settings/people/user-dialog.tsx';
import type { UserAction } from '#renderer/features/settings/people/user-menu.tsx';
import type { SignInWay } from '#renderer/features/settings/people/use-sign-in-ways.ts';
import { WayInDialog } from '#renderer/features/settings/people/way-in-dialog.tsx';
import type { Actor } from '#shared/access/actor.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

export type OpenDialog =
  | { readonly kind: 'add' }
  | { readonly kind: Exclude<UserAction, 'switchOn' | 'withdraw'>; readonly user: LocalRecord };

/** The one dialog about a person that is open. */
export function UserDialogs(props: {
  readonly actor: Actor;
  readonly open: OpenDialog | null;
  readonly labels: Labels;
  readonly ways: ReadonlyMap<string, SignInWay> | null;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { actor, open, labels, onGiven, onClose } = props;
  if (open === null) return null;
  if (open.kind === 'add')
    return <UserDialog actor={actor} user={null} labels={labels} onGiven={onGiven} onClose={onClose} />;
  const { kind, user } = open;
  const name = textOf(user['name']);
  switch (kind) {
    case 'edit':
      return <UserDialog actor={actor} user={user} labels={labels} onGiven={onGiven} onClose={onClose} />;
    case 'handOver':
    case 'switchOff':
      return <HandOverDialog user={user} isLeaving={kind === 'switchOff'} onClose={onClose} />;
    case 'devices':
      return (
        <Modal
          opened
          size="xl"
          onClose={onClose}
          title={<Text fw={600}>{t('people.devices.title', { name })}</Text>}
          closeButtonProps={{ 'aria-label': t('common.close') }}
        >
          <DeviceTable userId={user.id} />
        </Modal>
      );
    case 'invite':
    case 'inviteAgain':
    case 'renew':
      return (
        <WayInDialog user={{ id: user.id, name, hasPassword: kind === 'renew' }} onGiven={onGiven} onClose={onClose} />
      );
  }
}
