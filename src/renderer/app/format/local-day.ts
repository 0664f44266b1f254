/** The same for screens and for what answers them. */
export { toLocalDay } from '#shared/kernel/local-day.ts';
