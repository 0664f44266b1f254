import { useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import type { BackupsChannel, JobsChannel, OperationsChannel } from '#shared/ipc/channel-names.ts';

type AskedChannel = BackupsChannel | JobsChannel | OperationsChannel;

/** Asks the server for a change and says what came of it. */
export function useChange(onDone: () => void) {
  const errorText = useErrorText();
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function change<Name extends AskedChannel>(name: Name, input: ChannelInput<Name>): Promise<boolean> {
    setRunning(true);
    setError(null);
    try {
      await invokeMain(getBridge(), name, input);
      onDone();
      return true;
    } catch (failure) {
      setError(errorText(failure));
      return false;
    } finally {
      setRunning(false);
    }
  }
  return { change, isRunning, error };
}
