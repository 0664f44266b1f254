// Calls about campaigns by their names, with what the table of calls says goes in and comes out.
import { useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { CampaignAnswer, CampaignCallName, CampaignInput } from '#shared/campaigns/campaign-calls.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export async function askCampaigns<Name extends CampaignCallName>(
  call: Name,
  input: CampaignInput<Name>,
): Promise<CampaignAnswer<Name>> {
  return (await invokeMain(getBridge(), 'campaigns.ask', { call, input: { ...input } })) as CampaignAnswer<Name>;
}

/** Asked now and every few seconds while somebody looks. What was seen last stays when there is no newer answer. */
export function usePolledCampaigns<Name extends CampaignCallName>(
  call: Name,
  input: CampaignInput<Name>,
  everyMs?: number,
): { readonly data: CampaignAnswer<Name> | null; readonly error: string | null; readonly refresh: () => void } {
  const { data, error, refresh } = usePolled('campaigns.ask', { call, input: { ...input } }, everyMs);
  return { data: data as CampaignAnswer<Name> | null, error, refresh };
}

/** Asks the server to do something; null when it refused, and `error` says why. */
export function useCampaignCall(): {
  readonly ask: <Name extends CampaignCallName>(
    call: Name,
    input: CampaignInput<Name>,
  ) => Promise<CampaignAnswer<Name> | null>;
  readonly isAsking: boolean;
  readonly error: string | null;
} {
  const errorText = useErrorText();
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  return {
    isAsking,
    error,
    async ask(call, input) {
      setAsking(true);
      setError(null);
      try {
        return await askCampaigns(call, input);
      } catch (failure) {
        // What the mail server answered says what to mend.
        const answer = failure instanceof OutpostError && failure.code === 'mail_failed' ? ` ${failure.message}` : '';
        setError(`${errorText(failure)}${answer}`);
        return null;
      } finally {
        setAsking(false);
      }
    },
  };
}
