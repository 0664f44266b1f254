// Every call about campaigns, answered for whoever asks.
import type { CampaignAnswer, CampaignCallName, CampaignInput } from '#shared/campaigns/campaign-calls.ts';
import type { Principal } from '#server/identity/principal.ts';

export type CampaignWork = {
  readonly [Name in CampaignCallName]: (
    input: CampaignInput<Name>,
    principal: Principal,
  ) => Promise<CampaignAnswer<Name>>;
};
