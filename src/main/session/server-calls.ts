// What the server is asked at once by whoever is signed in here, with the rights it knows; nothing of the answers is kept.
import type { DeletedRecords } from '#shared/sync/deleted-messages.ts';
import type { MaskingAudit, OneTimePassword, RevealRequest, SessionList, SignInWays } from '#shared/sync/messages.ts';
import type { ErasureDone, PersonExport, PersonPlace } from '#shared/sync/privacy-messages.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

export interface ServerCalls {
  listSessions(): Promise<SessionList>;
  endSession(sessionId: string): Promise<void>;
  listSignInWays(): Promise<SignInWays>;
  giveOneTimePassword(userId: string): Promise<OneTimePassword>;
  exportPerson(place: PersonPlace): Promise<PersonExport>;
  erasePerson(place: PersonPlace): Promise<ErasureDone>;
  /** One masked value, from the server; kept nowhere. */
  revealField(request: RevealRequest): Promise<{ readonly value: unknown }>;
  readMaskingAudit(): Promise<MaskingAudit>;
  /** What was deleted and can still be restored. */
  listDeleted(): Promise<DeletedRecords>;
}

export function createServerCalls(
  requireActive: () => ActiveProfile,
  client: Pick<ServerClient, keyof ServerCalls>,
): ServerCalls {
  function ask<Value>(work: (serverUrl: string, token: string) => Promise<Value>): Promise<Value> {
    const { account, access } = requireActive();
    return access.run((token) => work(account.serverUrl, token));
  }

  return {
    listSessions: () => ask((url, token) => client.listSessions(url, token)),
    endSession: (sessionId) => ask((url, token) => client.endSession(url, token, sessionId)),
    listSignInWays: () => ask((url, token) => client.listSignInWays(url, token)),
    giveOneTimePassword: (userId) => ask((url, token) => client.giveOneTimePassword(url, token, userId)),
    exportPerson: (place) => ask((url, token) => client.exportPerson(url, token, place)),
    erasePerson: (place) => ask((url, token) => client.erasePerson(url, token, place)),
    revealField: (request) => ask((url, token) => client.revealField(url, token, request)),
    readMaskingAudit: () => ask((url, token) => client.readMaskingAudit(url, token)),
    listDeleted: () => ask((url, token) => client.listDeleted(url, token)),
  };
}
