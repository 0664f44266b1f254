import { useEffect } from 'react';
import { usePolled, type Polled } from '#renderer/blocks/use-polled.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import type { BackupsChannel, JobsChannel } from '#shared/ipc/channel-names.ts';
import type { ChannelInput } from '#shared/ipc/contract.ts';

/** What this computer answers, asked again whenever its jobs change. */
export function useLocalJobs<Name extends BackupsChannel | JobsChannel>(
  name: Name,
  input: ChannelInput<Name>,
): Polled<Name> {
  const polled = usePolled(name, input);
  const { refresh } = polled;
  useEffect(() => getBridge().on('localJobs.changed', refresh), [refresh]);
  return polled;
}
