// What a browser shows at the address of the server: what it is, and what to do with the address. It names nobody.
import type { HttpServer } from '#server/http/http-server.ts';
import { languageOfRequest, markup, sendPage } from '#server/http/pages/page.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import { openTexts } from '#server/words/open-texts.ts';

export function addFrontPage(app: HttpServer, publicAddress: PublicAddress): void {
  app.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    const origin = publicAddress();
    const address = origin === null ? markup`` : markup`<p><code>${origin}</code></p>`;
    const body = markup`<p>${t('pages.front.text')}</p>${address}`;
    return sendPage(reply, { language, title: t('pages.front.title'), body });
  });
}
