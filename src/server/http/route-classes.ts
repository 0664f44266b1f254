// Which addresses serve programs with an API key, and what a request counts as: one table, so that it can be read as a whole. A
// route can say otherwise in its own configuration. What stands in no row serves people and counts as an ordinary request.
import type { RateBucket } from '#server/access/rate-limits.ts';

interface RouteClass {
  readonly keys?: true;
  readonly bucket?: RateBucket;
}

/** By the pattern of the address; one that ends with a slash stands for everything below it. */
const classes: Readonly<Record<string, RouteClass>> = {
  // What a device does by itself to keep up.
  '/sync/': { bucket: 'sync' },
  '/api/v1/files/': { bucket: 'sync' },
  '/api/v1/presence': { bucket: 'sync' },
  '/api/v1/organization/settings': { bucket: 'sync' },
  '/api/v1/organization/maintenance': { bucket: 'sync' },
  '/api/v1/organization/standing': { bucket: 'sync' },
  // Nobody is kept from ending a session.
  '/api/v1/auth/sign-out': { bucket: 'sync' },
  // Screens that read page after page.
  '/api/v1/audit/': { bucket: 'screen' },
  '/api/v1/audit/entries': { bucket: 'screen', keys: true },
  '/api/v1/audit/verify': { bucket: 'screen', keys: true },
  '/api/v1/usage/people': { bucket: 'screen' },
  // Live panels.
  '/api/monitoring/': { bucket: 'screen', keys: true },
  '/api/v1/monitoring/': { bucket: 'screen', keys: true },
  '/api/health/detailed': { bucket: 'screen', keys: true },
  '/api/v1/jobs': { bucket: 'screen' },
  '/api/v1/jobs/': { bucket: 'screen' },
  '/api/v1/webhooks': { bucket: 'screen' },
  '/api/v1/webhooks/': { bucket: 'screen' },
  '/api/v1/alerts': { bucket: 'screen' },
  '/api/v1/alerts/': { bucket: 'screen' },
  '/api/v1/platform/': { bucket: 'screen' },
  // What programs are for.
  '/api/analytics/': { keys: true },
  '/api/v1/analytics/': { keys: true },
  '/api/v1/analytics/report-schedules/': {},
  '/api/v1/email/': { keys: true },
  '/api/v1/mail/bounces': { keys: true },
  '/api/v1/campaigns/': { bucket: 'screen' },
  '/api/v1/territories': { keys: true },
  '/api/v1/territories/': { keys: true },
  '/api/v1/usage': { keys: true },
  '/api/v1/users': { keys: true },
  '/api/v1/users/:id': { keys: true },
  '/api/v1/admin/users': { keys: true },
  '/api/v1/admin/users/:id': { keys: true },
  '/api/v1/admin/roles': { keys: true },
  '/api/v1/admin/permissions/me': { keys: true },
  '/api/v1/roles/:id/field-permissions': { keys: true },
};
const beginnings = Object.keys(classes)
  .filter((pattern) => pattern.endsWith('/'))
  .toSorted((one, other) => other.length - one.length);

export function classOf(url: string): RouteClass {
  if (Object.hasOwn(classes, url)) return classes[url] ?? {};
  const beginning = beginnings.find((one) => url.startsWith(one));
  return (beginning === undefined ? undefined : classes[beginning]) ?? {};
}
