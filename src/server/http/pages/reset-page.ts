// The page behind the link that was mailed to somebody who forgot a password. It is the same for everybody; who it is for
// stands behind the `#` of its address, which no server is told.
import { PASSWORD_LENGTH } from '#shared/access/password-policy.ts';
import { RESET_PATH } from '#shared/sync/sign-in-messages.ts';
import type { Translate } from '#shared/words/names.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { addPageFile, languageOfRequest, markup, sendPage, type Markup } from '#server/http/pages/page.ts';
import { resetScript } from '#server/http/pages/reset-script.ts';
import { openTexts } from '#server/words/open-texts.ts';

const SCRIPT_PATH = '/pages/reset.js';
const errorCodes = ['link_over', 'too_many_attempts', 'server_busy'] as const;
const problemCodes = ['tooShort', 'tooLong', 'commonPassword', 'contextPassword', 'repeatedPassword'] as const;

/** What the script may have to say, as it stands in the page. `{{leastLength}}` is put in there. */
function textsOf(t: Translate): Markup {
  const texts = {
    short: t('welcome.passwordShort'),
    different: t('welcome.passwordsDiffer'),
    other: t('reset.page.other'),
    network: t('invitations.page.errors.network'),
    ...Object.fromEntries(errorCodes.map((code) => [code, t(`errors.${code}`)])),
    ...Object.fromEntries(
      problemCodes.map((code) => [code, t(`problems.${code}`, { leastLength: '{{leastLength}}' })]),
    ),
  };
  const least = String(PASSWORD_LENGTH.besideFactor);
  return markup`<div id="texts" hidden data-least="${least}" data-texts="${JSON.stringify(texts)}"></div>`;
}

function bodyOf(t: Translate): Markup {
  return markup`
<noscript><p class="error">${t('reset.page.noScript')}</p></noscript>
<p id="incomplete" class="error" role="alert" hidden>${t('reset.page.incomplete')}</p>
<form id="choose" novalidate hidden>
<p>${t('reset.page.text')} <strong data-email></strong></p>
<label for="first">${t('welcome.newPassword')}</label>
<p class="hint" id="hint">${t('welcome.newPasswordHint')}</p>
<input id="first" type="password" autocomplete="new-password" aria-describedby="hint problem" required>
<label for="second">${t('welcome.repeatPassword')}</label>
<input id="second" type="password" autocomplete="new-password" aria-describedby="problem" required>
<p class="check"><input id="show" type="checkbox"><label for="show">${t('invitations.page.show')}</label></p>
<p id="problem" class="error" role="alert"></p>
<button id="save" type="submit">${t('reset.page.save')}</button>
</form>
<div id="done" hidden>
<p class="good" role="status" id="good" tabindex="-1">${t('reset.page.done')}</p>
<p>${t('reset.page.doneText')}</p>
</div>
${textsOf(t)}`;
}

export function addResetPage(app: HttpServer): void {
  addPageFile(app, SCRIPT_PATH, 'text/javascript', resetScript);
  app.get(RESET_PATH, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    return sendPage(reply, { language, title: t('reset.page.title'), body: bodyOf(t), script: SCRIPT_PATH });
  });
}
