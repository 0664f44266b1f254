// What a computer asks its server about getting in and about the factors of its user.
import { Type, type Static, type TSchema } from 'typebox';
import {
  AdmissionSchema,
  OwnFactorsSchema,
  PageAddressSchema,
  RecoveryCodesSchema,
  SignInHistorySchema,
  TotpSetupSchema,
  type Admission,
  type BrowserBack,
  type ChallengeAnswer,
  type OwnFactors,
  type PageAddress,
  type PasskeyForChallenge,
  type PasskeySignIn,
  type ProveAgain,
  type RecoveryCodes,
  type SignInHistory,
  type TotpSetup,
} from '#shared/sync/sign-in-messages.ts';

export interface DoorClient {
  answer(serverUrl: string, body: ChallengeAnswer): Promise<Admission>;
  beginOwedTotp(serverUrl: string, body: Pick<ChallengeAnswer, 'challenge' | 'deviceId'>): Promise<TotpSetup>;
  askReset(serverUrl: string, email: string): Promise<void>;
  readFactors(serverUrl: string, accessToken: string): Promise<OwnFactors>;
  prove(serverUrl: string, accessToken: string, body: ProveAgain): Promise<void>;
  beginTotp(serverUrl: string, accessToken: string): Promise<TotpSetup>;
  confirmTotp(serverUrl: string, accessToken: string, code: string): Promise<RecoveryCodes>;
  removeFactor(serverUrl: string, accessToken: string, id: string): Promise<void>;
  renewRecoveryCodes(serverUrl: string, accessToken: string): Promise<RecoveryCodes>;
  readSignIns(serverUrl: string, accessToken: string): Promise<SignInHistory>;
  readSignInsOf(serverUrl: string, accessToken: string, userId: string): Promise<SignInHistory>;
  takeFactorsAway(serverUrl: string, accessToken: string, userId: string): Promise<void>;
  beginPasskey(serverUrl: string, accessToken: string, back: BrowserBack): Promise<PageAddress>;
  keepPasskey(serverUrl: string, accessToken: string, pageCode: string): Promise<RecoveryCodes>;
  beginPasskeyProof(serverUrl: string, accessToken: string, back: BrowserBack): Promise<PageAddress>;
  beginPasskeyAnswer(serverUrl: string, body: PasskeyForChallenge): Promise<PageAddress>;
  beginPasskeySignIn(serverUrl: string, body: PasskeySignIn): Promise<PageAddress>;
}

type AskServer = <Schema extends TSchema>(request: {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken?: string;
}) => Promise<Static<Schema>>;

const Nothing = Type.Unknown();
const ownFactors = '/api/v1/auth/factors';

export function createDoorClient(ask: AskServer): DoorClient {
  const post = <Schema extends TSchema>(url: string, schema: Schema, body: unknown, accessToken?: string) =>
    ask({ method: 'POST', url, schema, body, ...(accessToken === undefined ? {} : { accessToken }) });
  const get = <Schema extends TSchema>(url: string, schema: Schema, accessToken: string) =>
    ask({ method: 'GET', url, schema, accessToken });
  const remove = async (url: string, accessToken: string): Promise<void> => {
    await ask({ method: 'DELETE', url, schema: Nothing, accessToken });
  };
  const userUrl = (serverUrl: string, userId: string, part: string): string =>
    `${serverUrl}/api/v1/users/${encodeURIComponent(userId)}/${part}`;
  return {
    answer: (serverUrl, body) => post(`${serverUrl}/api/v1/auth/challenge`, AdmissionSchema, body),
    beginOwedTotp: (serverUrl, body) => post(`${serverUrl}/api/v1/auth/challenge/totp`, TotpSetupSchema, body),
    async askReset(serverUrl, email) {
      await post(`${serverUrl}/api/v1/auth/reset`, Nothing, { email });
    },
    readFactors: (serverUrl, token) => get(`${serverUrl}${ownFactors}`, OwnFactorsSchema, token),
    async prove(serverUrl, token, body) {
      await post(`${serverUrl}/api/v1/auth/prove`, Nothing, body, token);
    },
    beginTotp: (serverUrl, token) => post(`${serverUrl}${ownFactors}/totp`, TotpSetupSchema, {}, token),
    confirmTotp: (serverUrl, token, code) =>
      post(`${serverUrl}${ownFactors}/totp/confirm`, RecoveryCodesSchema, { code }, token),
    removeFactor: (serverUrl, token, id) => remove(`${serverUrl}${ownFactors}/${encodeURIComponent(id)}`, token),
    renewRecoveryCodes: (serverUrl, token) =>
      post(`${serverUrl}/api/v1/auth/recovery-codes`, RecoveryCodesSchema, {}, token),
    readSignIns: (serverUrl, token) => get(`${serverUrl}/api/v1/auth/sign-ins`, SignInHistorySchema, token),
    readSignInsOf: (serverUrl, token, userId) =>
      get(userUrl(serverUrl, userId, 'sign-ins'), SignInHistorySchema, token),
    beginPasskey: (serverUrl, token, back) =>
      post(`${serverUrl}${ownFactors}/passkey`, PageAddressSchema, { back }, token),
    keepPasskey: (serverUrl, token, pageCode) =>
      post(`${serverUrl}${ownFactors}/passkey/keep`, RecoveryCodesSchema, { pageCode }, token),
    beginPasskeyProof: (serverUrl, token, back) =>
      post(`${serverUrl}/api/v1/auth/prove/passkey`, PageAddressSchema, { back }, token),
    beginPasskeyAnswer: (serverUrl, body) =>
      post(`${serverUrl}/api/v1/auth/challenge/passkey`, PageAddressSchema, body),
    beginPasskeySignIn: (serverUrl, body) => post(`${serverUrl}/api/v1/auth/passkey`, PageAddressSchema, body),
    takeFactorsAway: (serverUrl, token, userId) => remove(userUrl(serverUrl, userId, 'factors'), token),
  };
}
