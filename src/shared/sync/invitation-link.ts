// The link of an invitation: to the page of the server, or into the application. What opens the account stands behind the
// `#` of a web address, which browsers send to nobody and no server writes down.

/** What an invitation holds. `code` is a one-time password. */
export interface Invitation {
  /** Origin of the server. */
  readonly serverUrl: string;
  readonly email: string;
  readonly code: string;
}

/** What a link into the application says; without a code its holder has a password already. */
export type InvitationLink = Omit<Invitation, 'code'> & { readonly code: string | null };

/** Page of the server where an invited person chooses the own password. */
export const JOIN_PATH = '/join';

/** For a mail or a message: opens in any browser, and can be pasted into the application. */
export function makeInvitationLink({ serverUrl, email, code }: Invitation): string {
  return `${serverUrl}${JOIN_PATH}#email=${encodeURIComponent(email)}&code=${encodeURIComponent(code)}`;
}
