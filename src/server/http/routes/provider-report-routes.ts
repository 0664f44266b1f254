// Where providers call to tell what became of mails. The answer says nothing but whether the call is taken: an address somebody
// made up is not there, and what a call tells of is never answered.
import type { FastifyRequest } from 'fastify';
import type { CallOutcome, ProviderReports } from '#server/campaigns/reports/provider-reports.ts';
import type { HttpServer } from '#server/http/http-server.ts';

/** SendGrid collects up to 768 KB. */
const MOST_BYTES = 1024 * 1024;
/** Mailgun calls once for each mail; whoever is held back tries again. */
const flood = { max: 1200, timeWindow: '1 minute' };
const answers: Readonly<Record<CallOutcome, number>> = { accepted: 204, unknown: 404, refused: 403, later: 503 };

export function addProviderReportRoutes(app: HttpServer, reports: ProviderReports): void {
  void app.register(async (scope) => {
    // What is signed are the bytes, and Amazon calls its JSON text.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MOST_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(
      '/m/p/:token',
      { bodyLimit: MOST_BYTES, config: { access: 'public', rateLimit: flood }, schema: { hide: true } },
      async (request: FastifyRequest, reply) => {
        const { token } = request.params as { token: string };
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const outcome = await reports.receive(token, { headers: request.headers, body });
        return reply.code(answers[outcome]).send();
      },
    );
  });
}
