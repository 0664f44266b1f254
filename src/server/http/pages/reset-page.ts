// The page behind the link that was mailed to somebody who forgot a password.
import type { PasswordPage } from '#server/http/pages/choose-password-page.ts';
import { markup } from '#server/http/pages/page.ts';
import { RESET_PATH } from '#shared/sync/sign-in-messages.ts';

const errorCodes = ['link_over', 'too_many_attempts', 'server_busy'] as const;

export const resetPage: PasswordPage = {
  path: RESET_PATH,
  sendTo: '/api/v1/auth/reset/complete',
  checkAt: '/api/v1/auth/reset/check',
  sendsEmail: false,
  wordsOf: (t) => ({
    title: t('reset.page.title'),
    noScript: t('reset.page.noScript'),
    incomplete: t('reset.page.incomplete'),
    text: t('reset.page.text'),
    save: t('reset.page.save'),
    aside: markup``,
    done: markup`<p class="good" role="status" id="good" tabindex="-1">${t('reset.page.done')}</p>
<p>${t('reset.page.doneText')}</p>`,
    errors: {
      other: t('reset.page.other'),
      ...Object.fromEntries(errorCodes.map((code) => [code, t(`errors.${code}`)])),
    },
  }),
};
