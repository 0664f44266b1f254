// Where links of mails lead: the picture that tells of an opened mail, the click that goes on to where the campaign leads, and
// the way out. A link that was made up or changed leads to a page that says so, never anywhere else. Following the way out
// asks first, because programs follow links before people do; a mail client that knows RFC 8058 asks nobody and sends.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isMachineVisit } from '#server/campaigns/machine-visit.ts';
import type { MailTracking } from '#server/campaigns/track-mail.ts';
import type { LinkSigner } from '#server/campaigns/signed-links.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { languageOfRequest, markup, sendPage } from '#server/http/pages/page.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { openTexts } from '#server/words/open-texts.ts';

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const flood = { max: 600, timeWindow: '1 minute' };
/** A form of one field; nothing of it is used. */
const MOST_FORM_BYTES = 4096;
const open = { config: { access: 'public', rateLimit: flood }, schema: { hide: true } } as const;

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

export function addMailLinkRoutes(app: HttpServer, signer: LinkSigner, tracking: MailTracking, log: ServerLog): void {
  app.get('/m/o/:token', open, async (request: TokenRequest, reply) => {
    const link = signer.read('open', request.params.token);
    // The picture is the same for everybody: whoever asks with a made-up link learns nothing.
    if (link !== null && !isMachineVisit(request))
      await tracking
        .opened(link)
        .catch((error: unknown) => log.error({ err: error }, 'an opened mail could not be noted'));
    return reply
      .type('image/gif')
      .header('cross-origin-resource-policy', 'cross-origin')
      .serializer((bytes: unknown) => bytes as string)
      .send(PIXEL);
  });
  app.get('/m/c/:token', open, async (request: TokenRequest, reply) => {
    const link = signer.read('click', request.params.token);
    const found = link === null ? null : await tracking.clicked(link, !isMachineVisit(request));
    // As a header may carry it: somebody may have written letters of any language.
    const url = found === null ? null : (URL.parse(found)?.href ?? null);
    if (url === null) return sayGone(request, reply);
    return reply.code(302).header('location', url).send();
  });
  app.get('/m/u/:token', open, async (request: TokenRequest, reply) => {
    const { token } = request.params;
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    if (signer.read('leave', token) === null) return sayGone(request, reply);
    return sendPage(reply, {
      language,
      title: t('campaigns.pages.leave'),
      body: markup`<p>${t('campaigns.pages.leaveText')}</p><form method="post" action="/m/u/${token}"><button type="submit">${t('campaigns.pages.leaveButton')}</button></form>`,
      hasForm: true,
    });
  });
  void app.register(async (scope) => {
    // Of mail clients and of the page above; what they send says nothing more than the link.
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data'])
      scope.addContentTypeParser(type, { parseAs: 'string', bodyLimit: MOST_FORM_BYTES }, (_request, _body, done) =>
        done(null, {}),
      );
    scope.post('/m/u/:token', open, async (request, reply) => {
      const { token } = request.params as { token: string };
      const link = signer.read('leave', token);
      if (link === null) return sayGone(request, reply);
      if (link.no !== 0) await tracking.left(link);
      const language = languageOfRequest(request);
      const t = await openTexts(language);
      return sendPage(reply, {
        language,
        title: t('campaigns.pages.left'),
        body: markup`<p>${t('campaigns.pages.leftText')}</p>`,
      });
    });
  });
}

async function sayGone(request: Pick<FastifyRequest, 'headers'>, reply: FastifyReply): Promise<FastifyReply> {
  const language = languageOfRequest(request);
  const t = await openTexts(language);
  return sendPage(reply.code(404), {
    language,
    title: t('campaigns.pages.gone'),
    body: markup`<p>${t('campaigns.pages.goneText')}</p>`,
  });
}
