// The page behind the link of an invitation: whoever was invited chooses an own password there, without the application.
import type { PasswordPage } from '#server/http/pages/choose-password-page.ts';
import { markup } from '#server/http/pages/page.ts';
import { JOIN_PATH } from '#shared/sync/invitation-link.ts';

const errorCodes = [
  'wrong_credentials',
  'one_time_expired',
  'too_many_attempts',
  'server_busy',
  'invalid',
  'other',
] as const;

export const joinPage: PasswordPage = {
  path: JOIN_PATH,
  sendTo: '/api/v1/auth/accept-invitation',
  checkAt: '/api/v1/auth/accept-invitation/check',
  sendsEmail: true,
  wordsOf: (t) => ({
    title: t('invitations.page.title'),
    noScript: t('invitations.page.noScript'),
    incomplete: t('invitations.page.incomplete'),
    text: t('invitations.page.text'),
    save: t('invitations.page.save'),
    aside: markup`<p class="aside muted">${t('invitations.page.haveApp')} <a id="in-app" href="outpost://join">${t('invitations.page.inApp')}</a></p>`,
    done: markup`<p class="good" role="status" id="good">${t('invitations.page.done')}</p>
<p>${t('invitations.page.doneText')}</p>
<p>${t('welcome.server')}: <code data-server></code><br>${t('welcome.email')}: <code data-email></code></p>
<a id="open-app" class="button" href="outpost://join">${t('invitations.page.open')}</a>`,
    errors: Object.fromEntries(errorCodes.map((code) => [code, t(`invitations.page.errors.${code}`)])),
  }),
};
