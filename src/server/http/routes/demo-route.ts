// The demo hands out passwords, so only a program on this computer may ask: no other machine, no reverse proxy that
// hides one, no web page (a page sends an Origin, or reaches this address under a name that is not ours).
import type { FastifyRequest } from 'fastify';
import { OutpostError } from '#shared/kernel/errors.ts';
import { DemoGrantSchema, ErrorResponseSchema } from '#shared/sync/messages.ts';
import type { Demo } from '#server/demo/demo-company.ts';
import { type HttpServer, isLoopback } from '#server/http/http-server.ts';

const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

function assertLocalProgram({ socket, headers }: FastifyRequest): void {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  const isPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  if (isLoopback(socket.remoteAddress) && !isForwarded && !isPage && LOCAL_HOST.test(headers.host ?? '')) return;
  throw new OutpostError('action_forbidden', 'The demo can be opened only on the computer the server runs on.');
}

export function addDemoRoute(app: HttpServer, demo: Demo): void {
  app.post(
    '/api/v1/demo',
    {
      config: { access: 'public', rateLimit: { max: 20, timeWindow: '1 minute' } },
      schema: {
        summary: 'Open the demo company: its people and passwords that work from now on',
        description: 'Only on a server started with --demo, and only from the computer it runs on.',
        tags: ['demo'],
        security: [],
        response: { 200: DemoGrantSchema, '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema },
      },
    },
    (request) => {
      assertLocalProgram(request);
      return demo.open();
    },
  );
}
