// What the pages have in common on which somebody chooses an own password: the form, and every text its script may have to say.
// They are the same for everybody; who it is for stands behind the `#` of the address, which no server is told.
import { PASSWORD_LENGTH } from '#shared/access/password-policy.ts';
import type { Translate } from '#shared/words/names.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { choosePasswordScript } from '#server/http/pages/choose-password-script.ts';
import { addPageFile, languageOfRequest, markup, sendPage, type Markup } from '#server/http/pages/page.ts';
import { openTexts } from '#server/words/open-texts.ts';

const SCRIPT_PATH = '/pages/choose-password.js';
const problemCodes = ['tooShort', 'tooLong', 'commonPassword', 'contextPassword', 'repeatedPassword'] as const;

export interface PasswordPage {
  /** Of the page. */
  readonly path: string;
  /** Where the password is sent. */
  readonly sendTo: string;
  /** Where the code is asked about when the page opens. */
  readonly checkAt: string;
  /** The address of the person goes along with the code. */
  readonly sendsEmail: boolean;
  readonly wordsOf: (t: Translate) => PasswordPageWords;
}

export interface PasswordPageWords {
  readonly title: string;
  readonly noScript: string;
  readonly incomplete: string;
  /** Stands before the address of the person. */
  readonly text: string;
  readonly save: string;
  /** Below the button. */
  readonly aside: Markup;
  readonly done: Markup;
  /** By the code of a refusal; `other` for all that is not named. */
  readonly errors: Readonly<Record<string, string>>;
}

/** `{{leastLength}}` is put in by the script. */
function textsOf(
  t: Translate,
  { sendTo, checkAt, sendsEmail }: PasswordPage,
  errors: PasswordPageWords['errors'],
): Markup {
  const texts = {
    short: t('welcome.passwordShort'),
    different: t('welcome.passwordsDiffer'),
    network: t('invitations.page.errors.network'),
    ...errors,
    ...Object.fromEntries(
      problemCodes.map((code) => [code, t(`problems.${code}`, { leastLength: '{{leastLength}}' })]),
    ),
  };
  const least = String(PASSWORD_LENGTH.besideFactor);
  return markup`<div id="texts" hidden data-path="${sendTo}" data-check="${checkAt}" data-sends="${sendsEmail ? 'email' : ''}" data-least="${least}"
data-texts="${JSON.stringify(texts)}"></div>`;
}

function bodyOf(t: Translate, page: PasswordPage, words: PasswordPageWords): Markup {
  return markup`
<noscript><p class="error">${words.noScript}</p></noscript>
<p id="incomplete" class="error" role="alert" hidden>${words.incomplete}</p>
<p id="over" class="error" role="alert" hidden></p>
<form id="choose" novalidate hidden>
<p>${words.text} <strong data-email></strong></p>
<label for="first">${t('welcome.newPassword')}</label>
<p class="hint" id="hint">${t('welcome.newPasswordHint')}</p>
<input id="first" type="password" autocomplete="new-password" aria-describedby="hint problem" required>
<label for="second">${t('welcome.repeatPassword')}</label>
<input id="second" type="password" autocomplete="new-password" aria-describedby="problem" required>
<p class="check"><input id="show" type="checkbox"><label for="show">${t('invitations.page.show')}</label></p>
<p id="problem" class="error" role="alert"></p>
<button id="save" type="submit">${words.save}</button>
${words.aside}
</form>
<div id="done" hidden>
${words.done}
</div>
${textsOf(t, page, words.errors)}`;
}

export function addPasswordPage(app: HttpServer, page: PasswordPage): void {
  if (!app.hasRoute({ method: 'GET', url: SCRIPT_PATH }))
    addPageFile(app, SCRIPT_PATH, 'text/javascript', choosePasswordScript);
  app.get(page.path, { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const language = languageOfRequest(request);
    const t = await openTexts(language);
    const words = page.wordsOf(t);
    return sendPage(reply, { language, title: words.title, body: bodyOf(t, page, words), script: SCRIPT_PATH });
  });
}
