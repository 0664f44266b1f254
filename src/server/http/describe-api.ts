// The description of the API is made from the schemas of the routes, so it cannot say anything else than they do.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import packageJson from '../../../package.json' with { type: 'json' };
import type { HttpServer } from '#server/http/http-server.ts';

export async function describeApi(app: HttpServer): Promise<void> {
  // Pages of the documentation are routes, too: they are the only ones made public from outside.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'public' };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Outpost sync server',
        description: 'Every answer that is not a success has the shape of ErrorResponse and carries a correlation id.',
        version: packageJson.version,
      },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ session: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: false });
  app.get(
    '/api/openapi.json',
    { config: { access: 'public' }, schema: { summary: 'This description', tags: ['health'], security: [] } },
    (_request, reply) => reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
}
