// The devices somebody signed in on: named, signed out, erased. Erasing is asked for twice, because it cannot be undone once
// the device was told; what became of the order stands beside the device.
import { ActionIcon, Alert, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import { MOST_DEVICE_NAME, type DeviceState, type KnownDevice } from '#shared/sync/people-messages.ts';
import classes from '../settings.module.css';

type Change = ChannelInput<'devices.change'>['change'];

function useDevices(userId: string) {
  const errorText = useErrorText();
  const [devices, setDevices] = useState<readonly KnownDevice[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = useCallback(
    () => invokeMain(getBridge(), 'devices.list', { userId }).then((list) => setDevices(list.devices)),
    [userId],
  );
  const { problem } = useServerRead(read);
  async function change(wanted: Change): Promise<void> {
    setError(null);
    try {
      setDevices((await invokeMain(getBridge(), 'devices.change', { userId, change: wanted })).devices);
    } catch (failure) {
      setError(errorText(failure));
    }
  }
  return { devices, problem, error, change };
}

export function DeviceTable(props: { readonly userId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { devices, problem, error, change } = useDevices(props.userId);
  const [asked, setAsked] = useState<{ readonly kind: 'rename' | 'wipe'; readonly device: KnownDevice } | null>(null);
  const close = (): void => setAsked(null);
  const others = (devices ?? []).filter(({ isCurrent, state }) => !isCurrent && state === 'signedIn');
  return (
    <>
      <ServerProblem problem={problem} />
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {devices === null ? null : (
        <>
          {devices.length === 0 ? <p className={classes.note}>{t('people.devices.none')}</p> : null}
          <table className={classes.table} aria-label={t('settings.devices.title')} hidden={devices.length === 0}>
            <thead>
              <tr>
                <th scope="col">{t('settings.devices.device')}</th>
                <th scope="col">{t('people.devices.state')}</th>
                <th scope="col">{t('settings.devices.since')}</th>
                <th scope="col">{t('settings.devices.lastSeen')}</th>
                <th scope="col">{t('settings.devices.address')}</th>
                <th scope="col">
                  <span hidden>{t('people.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {devices.map((device) => (
                <tr key={device.id} data-device={device.id}>
                  <td>
                    {device.name} {device.isCurrent ? <Pill tone="accent">{t('settings.devices.this')}</Pill> : null}
                  </td>
                  <td>
                    <StatePill device={device} />
                  </td>
                  <td>{device.signedInAt === null ? '–' : format.instant(device.signedInAt)}</td>
                  <td>{device.lastSeenAt === null ? '–' : format.ago(device.lastSeenAt)}</td>
                  <td>{device.address ?? '–'}</td>
                  <td>
                    <DeviceMenu
                      device={device}
                      onChange={(wanted) => void change(wanted)}
                      onAsk={(kind) => setAsked({ kind, device })}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {others.length > 1 ? (
            <Button variant="default" mt="md" onClick={() => void change({ kind: 'endAll' })}>
              {t('people.devices.endAll', { count: others.length })}
            </Button>
          ) : null}
        </>
      )}
      {asked?.kind === 'wipe' ? (
        <WipeDialog
          device={asked.device}
          onClose={close}
          onWipe={() => void change({ kind: 'wipe', deviceId: asked.device.id }).then(close)}
        />
      ) : null}
      {asked?.kind === 'rename' ? (
        <RenameDialog
          device={asked.device}
          onClose={close}
          onSave={(name) => void change({ kind: 'rename', deviceId: asked.device.id, name }).then(close)}
        />
      ) : null}
    </>
  );
}

const tones: Readonly<Record<DeviceState, PillTone>> = {
  signedIn: 'accent',
  signedOut: 'neutral',
  wipeOrdered: 'warn',
  wipeTold: 'warn',
  wiped: 'good',
};

function StatePill(props: { readonly device: KnownDevice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, wipeOrderedAt, wipeToldAt, wipedAt } = props.device;
  const at = state === 'wiped' ? wipedAt : state === 'wipeTold' ? wipeToldAt : wipeOrderedAt;
  return (
    <Pill tone={tones[state]}>
      {t(`people.devices.states.${state}`, { at: at === null ? '' : format.instant(at) })}
    </Pill>
  );
}

function DeviceMenu(props: {
  readonly device: KnownDevice;
  readonly onChange: (change: Change) => void;
  readonly onAsk: (kind: 'rename' | 'wipe') => void;
}) {
  const { t } = useTranslation();
  const { id, name, isCurrent, state } = props.device;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('people.more', { name })}
          title={t('people.more', { name })}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => props.onAsk('rename')}>{t('people.devices.rename')}</Menu.Item>
        {state === 'signedIn' && !isCurrent ? (
          <Menu.Item onClick={() => props.onChange({ kind: 'end', deviceId: id })}>{t('people.devices.end')}</Menu.Item>
        ) : null}
        {state === 'wipeOrdered' ? (
          <Menu.Item onClick={() => props.onChange({ kind: 'cancelWipe', deviceId: id })}>
            {t('people.devices.cancelWipe')}
          </Menu.Item>
        ) : null}
        {!isCurrent && (state === 'signedIn' || state === 'signedOut') ? (
          <Menu.Item color="red" onClick={() => props.onAsk('wipe')}>
            {t('people.devices.wipe')}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function WipeDialog(props: {
  readonly device: KnownDevice;
  readonly onWipe: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { name } = props.device;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('people.devices.wipeTitle', { name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('people.devices.wipeText')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button onClick={props.onWipe}>{t('people.devices.wipeNow')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function RenameDialog(props: {
  readonly device: KnownDevice;
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [name, setName] = useState(props.device.name);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('people.devices.rename')}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSave(name.trim());
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('people.devices.name')}
            description={<span className="op-muted">{t('people.devices.nameHint')}</span>}
            maxLength={MOST_DEVICE_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit">{t('common.save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
