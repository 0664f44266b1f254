// What the plan and the features of an organization mean for a request, after its caller was recognised: a route of a feature that
// is off is refused, and what programs ask is counted. What people type is neither: pushes and pulls are judged where records are.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { FeatureName } from '#shared/platform/features.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import type { PlatformFacts } from '#server/platform/platform-facts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A call of a program: it counts for the plan. */
    isCounted?: boolean;
  }
}

/** Figures and reports for programs; the application works them out itself. */
const COUNTED = /^\/api\/(?:v1\/)?analytics(?:\/|$)/;
/** Addresses of features that can be switched off. */
const features: readonly (readonly [RegExp, FeatureName])[] = [
  [/^\/api\/(?:v1\/)?analytics\/forecasts?(?:\/|$)/, 'forecast'],
  [/^\/api\/v1\/analytics\/pivot(?:\/|$)/, 'pivot'],
  [/^\/api\/v1\/analytics\/report-schedules(?:\/|$)/, 'schedules'],
];

export function limitByPlatform(app: HttpServer, facts: PlatformFacts): void {
  app.addHook('preValidation', async (request) => {
    const { principal } = request;
    if (principal === null) return;
    const url = request.routeOptions.url ?? '';
    const [, feature] = features.find(([address]) => address.test(url)) ?? [];
    if (feature !== undefined) await facts.assertFeature(feature, principal.actor);
    if (request.routeOptions.config.isCounted === true || COUNTED.test(url))
      await facts.countCall(principal.actor.tenantId as TenantId);
  });
}
