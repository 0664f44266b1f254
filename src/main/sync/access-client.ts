// The calls about API keys, usage and how the organization is reached; part of the client of an Outpost server.
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import {
  AccessRulesStateSchema,
  ApiKeyListSchema,
  GivenApiKeySchema,
  OwnUsageSchema,
  UsageOfPeopleSchema,
  type AccessChange,
  type AccessRulesState,
  type ApiKeyList,
  type GivenApiKey,
  type NewApiKey,
  type OwnUsage,
  type Rotation,
  type UsageOfPeople,
} from '#shared/sync/access-messages.ts';

export interface AccessClient {
  listKeys(serverUrl: string, accessToken: string, isOfAll: boolean): Promise<ApiKeyList>;
  createKey(serverUrl: string, accessToken: string, wish: NewApiKey): Promise<GivenApiKey>;
  rotateKey(serverUrl: string, accessToken: string, keyId: string, rotation: Rotation): Promise<GivenApiKey>;
  revokeKey(serverUrl: string, accessToken: string, keyId: string): Promise<void>;
  readUsage(serverUrl: string, accessToken: string): Promise<OwnUsage>;
  readUsageOfPeople(serverUrl: string, accessToken: string): Promise<UsageOfPeople>;
  readAccessRules(serverUrl: string, accessToken: string): Promise<AccessRulesState>;
  changeAccessRules(serverUrl: string, accessToken: string, change: AccessChange): Promise<AccessRulesState>;
}

export type CallServer = <Schema extends TSchema>(request: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken: string;
  readonly limitMs?: number;
}) => Promise<Static<Schema>>;

const keyUrl = (serverUrl: string, keyId: string): string =>
  `${serverUrl}/api/v1/api-keys/${encodeURIComponent(keyId)}`;

export function createAccessClient(call: CallServer): AccessClient {
  return {
    listKeys: (serverUrl, accessToken, isOfAll) =>
      call({
        method: 'GET',
        url: `${serverUrl}/api/v1/api-keys${isOfAll ? '/all' : ''}`,
        schema: ApiKeyListSchema,
        accessToken,
      }),
    createKey: (serverUrl, accessToken, body) =>
      call({ method: 'POST', url: `${serverUrl}/api/v1/api-keys`, schema: GivenApiKeySchema, body, accessToken }),
    rotateKey: (serverUrl, accessToken, keyId, body) =>
      call({
        method: 'POST',
        url: `${keyUrl(serverUrl, keyId)}/rotate`,
        schema: GivenApiKeySchema,
        body,
        accessToken,
      }),
    async revokeKey(serverUrl, accessToken, keyId) {
      await call({ method: 'DELETE', url: keyUrl(serverUrl, keyId), schema: Type.Unknown(), accessToken });
    },
    readUsage: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/usage`, schema: OwnUsageSchema, accessToken }),
    readUsageOfPeople: (serverUrl, accessToken) =>
      call({ method: 'GET', url: `${serverUrl}/api/v1/usage/people`, schema: UsageOfPeopleSchema, accessToken }),
    readAccessRules: (serverUrl, accessToken) =>
      call({
        method: 'GET',
        url: `${serverUrl}/api/v1/organization/access`,
        schema: AccessRulesStateSchema,
        accessToken,
      }),
    changeAccessRules: (serverUrl, accessToken, body) =>
      call({
        method: 'PUT',
        url: `${serverUrl}/api/v1/organization/access`,
        schema: AccessRulesStateSchema,
        body,
        accessToken,
      }),
  };
}
