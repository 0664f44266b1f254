/** Where the tables of the job engine lie. */
export const JOB_SCHEMA = 'outpost_jobs';

/** Every server has them, with or without something to do. */
export const queueNames = ['emails', 'campaigns', 'analytics', 'webhooks', 'maintenance'] as const;

/** Jobs that could not be done, on their way to what their kind does about that. */
export function deadQueueOf(queue: string): string {
  return `${queue}.dead`;
}
