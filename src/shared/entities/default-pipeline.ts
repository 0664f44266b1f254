import type { Stage } from '#shared/entities/pipeline/pipeline.ts';

/** Id of the pipeline every organization starts with. */
export const DEFAULT_PIPELINE_ID = 'default-pipeline';

/** The stages an organization starts with, with their win probability in percent (CRM-08). */
export const defaultStages: readonly Stage[] = [
  { id: 'prospecting', name: 'Prospecting', type: 'open', probability: 10, forecastCategory: 'pipeline', order: 1 },
  { id: 'qualification', name: 'Qualification', type: 'open', probability: 20, forecastCategory: 'pipeline', order: 2 },
  { id: 'proposal', name: 'Proposal', type: 'open', probability: 50, forecastCategory: 'best_case', order: 3 },
  { id: 'negotiation', name: 'Negotiation', type: 'open', probability: 75, forecastCategory: 'commit', order: 4 },
  { id: 'closed_won', name: 'Closed won', type: 'won', probability: 100, forecastCategory: 'closed', order: 5 },
  { id: 'closed_lost', name: 'Closed lost', type: 'lost', probability: 0, forecastCategory: 'omitted', order: 6 },
];
