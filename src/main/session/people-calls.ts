// What administrators and users ask the server about invitations and devices: at once, with the rights it knows.
import { Type, type Static, type TSchema } from 'typebox';
import type { ChannelInput } from '#shared/ipc/contract.ts';
import { makeInvitationLink } from '#shared/sync/invitation-link.ts';
import {
  DeviceListSchema,
  SentInvitationSchema,
  type DeviceList,
  type SentInvitation,
} from '#shared/sync/people-messages.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Question, ServerClient } from '#main/sync/server-client.ts';

export interface PeopleCalls {
  invite(input: ChannelInput<'users.invite'>): Promise<SentInvitation>;
  withdraw(userId: string): Promise<void>;
  listDevices(userId: string): Promise<DeviceList>;
  changeDevice(input: ChannelInput<'devices.change'>): Promise<DeviceList>;
}

/** A mail server is waited for meanwhile. */
const MAIL_LIMIT_MS = 60_000;
const Nothing = Type.Unknown();

export function createPeopleCalls(requireActive: () => ActiveProfile, client: Pick<ServerClient, 'ask'>): PeopleCalls {
  function ask<Schema extends TSchema>(question: Question<Schema>): Promise<Static<Schema>> {
    const { account, access } = requireActive();
    return access.run((token) => client.ask(account.serverUrl, token, question));
  }
  const placeOf = (userId: string, rest: string): string => `/api/v1/users/${encodeURIComponent(userId)}/${rest}`;
  const listDevices = (userId: string): Promise<DeviceList> =>
    ask({ method: 'GET', path: placeOf(userId, 'devices'), schema: DeviceListSchema });

  return {
    async invite({ userId, byMail }) {
      const path = placeOf(userId, 'invitation');
      const question = { method: 'POST', path, schema: SentInvitationSchema, body: { byMail } } as const;
      const sent = await ask({ ...question, limitMs: MAIL_LIMIT_MS });
      const { email, code } = sent;
      if (code === null || sent.link !== null) return sent;
      // The server does not know how it is reached from outside; this computer reached it.
      const { serverUrl } = requireActive().account;
      return { ...sent, link: makeInvitationLink({ serverUrl, email, code }) };
    },
    async withdraw(userId) {
      await ask({ method: 'DELETE', path: placeOf(userId, 'invitation'), schema: Nothing });
    },
    listDevices,
    async changeDevice({ userId, change }) {
      await ask(questionOf(change, placeOf(userId, 'devices'), placeOf(userId, 'sessions')));
      return listDevices(userId);
    },
  };
}

type DeviceChange = ChannelInput<'devices.change'>['change'];

function questionOf(change: DeviceChange, devices: string, sessions: string): Question<typeof Nothing> {
  if (change.kind === 'endAll') return { method: 'DELETE', path: sessions, schema: Nothing };
  const device = `${devices}/${encodeURIComponent(change.deviceId)}`;
  switch (change.kind) {
    case 'rename':
      return { method: 'PUT', path: device, schema: Nothing, body: { name: change.name } };
    case 'end':
      return { method: 'DELETE', path: `${device}/session`, schema: Nothing };
    case 'wipe':
      return { method: 'POST', path: `${device}/wipe`, schema: Nothing, body: {} };
    case 'cancelWipe':
      return { method: 'DELETE', path: `${device}/wipe`, schema: Nothing };
  }
}
