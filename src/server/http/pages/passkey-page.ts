// The page where a browser makes or uses a passkey for somebody at the desktop application. It is the same for everybody; what
// it may do is sealed in the ticket behind the `#` of its address, which no server is told before the page sends it.
import { PASSKEY_PATH } from '#shared/sync/sign-in-messages.ts';
import type { Translate } from '#shared/words/names.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { addPageFile, languageOfRequest, markup, sendPage, type Markup } from '#server/http/pages/page.ts';
import { passkeyScript } from '#server/http/pages/passkey-script.ts';
import { openTexts } from '#server/words/open-texts.ts';

const SCRIPT_PATH = '/pages/passkey.js';

function bodyOf(t: Translate): Markup {
  const texts = {
    add: t('passkeys.page.add'),
    use: t('passkeys.page.use'),
    refused: t('passkeys.page.refused'),
    cancelled: t('passkeys.page.cancelled'),
    over: t('passkeys.page.over'),
    network: t('invitations.page.errors.network'),
    unsupported: t('passkeys.page.unsupported'),
  };
  return markup`
<noscript><p class="error">${t('reset.page.noScript')}</p></noscript>
<form id="passkey" novalidate hidden>
<p id="say"></p>
<div id="naming" hidden>
<label for="name">${t('passkeys.page.name')}</label>
<p class="hint" id="hint">${t('passkeys.page.nameHint')}</p>
<input id="name" type="text" maxlength="80" autocomplete="off" aria-describedby="hint">
</div>
<button id="go" type="submit">${t('passkeys.page.go')}</button>
</form>
<p id="done" class="good" role="status" hidden>${t('passkeys.page.done')}</p>
<p id="problem" class="error" role="alert"></p>
<div id="texts" hidden data-texts="${JSON.stringify(texts)}"></div>`;
}

export function addPasskeyPage(app: HttpServer): void {
  addPageFile(app, SCRIPT_PATH, 'text/javascript', passkeyScript);
  app.get(PASSKEY_PATH, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    return sendPage(reply, { language, title: t('passkeys.page.title'), body: bodyOf(t), script: SCRIPT_PATH });
  });
}
