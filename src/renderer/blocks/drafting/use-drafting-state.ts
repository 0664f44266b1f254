import { useEffect, useState } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { DraftingState } from '#shared/sync/drafting-messages.ts';

const off: DraftingState = { isOn: false, host: null, model: null };

/** Whether there is a language model to ask; without a network there is none. */
export function useDraftingState(isWanted: boolean): DraftingState {
  const [state, setState] = useState(off);
  useEffect(() => {
    let isGone = false;
    if (!isWanted) return undefined;
    invokeMain(getBridge(), 'drafting.state', {}).then(
      (answer) => {
        if (!isGone) setState(answer);
      },
      (error: unknown) => {
        if (!(error instanceof OutpostError)) throw error;
        if (!isGone) setState(off);
      },
    );
    return () => {
      isGone = true;
    };
  }, [isWanted]);
  return state;
}
