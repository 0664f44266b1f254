// The one place in the renderer that touches `window.outpost`, the frozen object the preload script puts there.
import type { ChannelInput, ChannelOutput, OutpostBridge } from '#shared/ipc/contract.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import { fromErrorData } from '#shared/kernel/errors.ts';

declare global {
  interface Window {
    readonly outpost: OutpostBridge;
  }
}

export function getBridge(): OutpostBridge {
  return window.outpost;
}

/** Asks the main process; throws the OutpostError it answers with. */
export async function invokeMain<Name extends ChannelName>(
  bridge: OutpostBridge,
  name: Name,
  input: ChannelInput<Name>,
): Promise<ChannelOutput<Name>> {
  const envelope = await bridge.invoke(name, input);
  if (!envelope.ok) throw fromErrorData(envelope.error);
  return envelope.value;
}
