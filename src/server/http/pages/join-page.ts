// The page behind the link of an invitation: an invited person sets the own password there and goes on in the application.
// It is the same for everybody; who it is for stands behind the `#` of its address, which no server is told.
import { PASSWORD_LENGTH } from '#shared/access/password-policy.ts';
import { JOIN_PATH } from '#shared/sync/invitation-link.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { joinScript } from '#server/http/pages/join-script.ts';
import { addPageFile, languageOfRequest, markup, sendPage, type Markup } from '#server/http/pages/page.ts';
import { openTexts } from '#server/words/open-texts.ts';
import type { Translate } from '#shared/words/names.ts';

const SCRIPT_PATH = '/pages/join.js';
/** Shorter is never enough; the server knows the person, and says when it has to be longer. */
const SHORTEST = String(PASSWORD_LENGTH.besideFactor);

const errorCodes = ['wrong_credentials', 'one_time_expired', 'too_many_attempts', 'server_busy', 'invalid'] as const;

function textsOf(t: Translate): Markup {
  const errors = errorCodes
    .map((code) => markup`data-error-${code.replaceAll('_', '-')}="${t(`invitations.page.errors.${code}`)}" `.html)
    .join('');
  return markup`<div id="texts" hidden data-least="${SHORTEST}" data-short="${t('welcome.passwordShort')}"
data-different="${t('welcome.passwordsDiffer')}" data-error-other="${t('invitations.page.errors.other')}"
data-error-network="${t('invitations.page.errors.network')}" ${{ html: errors }}></div>`;
}

function bodyOf(t: Translate): Markup {
  return markup`
<noscript><p class="error">${t('invitations.page.noScript')}</p></noscript>
<p id="incomplete" class="error" role="alert" hidden>${t('invitations.page.incomplete')}</p>
<form id="choose" novalidate hidden>
<p>${t('invitations.page.text')} <strong data-email></strong></p>
<label for="first">${t('welcome.newPassword')}</label>
<p class="hint" id="hint">${t('welcome.newPasswordHint')}</p>
<input id="first" type="password" autocomplete="new-password" aria-describedby="hint problem" required>
<label for="second">${t('welcome.repeatPassword')}</label>
<input id="second" type="password" autocomplete="new-password" aria-describedby="problem" required>
<p class="check"><input id="show" type="checkbox"><label for="show">${t('invitations.page.show')}</label></p>
<p id="problem" class="error" role="alert"></p>
<button id="save" type="submit">${t('invitations.page.save')}</button>
<p class="aside muted">${t('invitations.page.haveApp')} <a id="in-app" href="outpost://join">${t('invitations.page.inApp')}</a></p>
</form>
<div id="done" hidden>
<p class="good" role="status">${t('invitations.page.done')}</p>
<p>${t('invitations.page.doneText')}</p>
<p>${t('welcome.server')}: <code data-server></code><br>${t('welcome.email')}: <code data-email></code></p>
<a id="open-app" class="button" href="outpost://join">${t('invitations.page.open')}</a>
</div>
${textsOf(t)}`;
}

export function addJoinPage(app: HttpServer): void {
  addPageFile(app, SCRIPT_PATH, 'text/javascript', joinScript);
  app.get(JOIN_PATH, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    return sendPage(reply, { language, title: t('invitations.page.title'), body: bodyOf(t), script: SCRIPT_PATH });
  });
}
