// What a computer asks its server about drafting with a language model.
import type { Static, TSchema } from 'typebox';
import {
  DraftingSetupSchema,
  DraftingStateSchema,
  ModelAnswerSchema,
  type DraftingInput,
  type DraftingSetup,
  type DraftingState,
  type ModelAnswer,
  type ModelRequest,
} from '#shared/sync/drafting-messages.ts';

export interface DraftingClient {
  state(serverUrl: string, accessToken: string): Promise<DraftingState>;
  ask(serverUrl: string, accessToken: string, request: ModelRequest): Promise<ModelAnswer>;
  setup(serverUrl: string, accessToken: string): Promise<DraftingSetup>;
  save(serverUrl: string, accessToken: string, input: DraftingInput): Promise<DraftingSetup>;
  remove(serverUrl: string, accessToken: string): Promise<DraftingSetup>;
  test(serverUrl: string, accessToken: string): Promise<ModelAnswer>;
}

type AskServer = <Schema extends TSchema>(request: {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken?: string;
  readonly limitMs?: number;
}) => Promise<Static<Schema>>;

/** The server waits for the model meanwhile. */
const limitMs = 50_000;
const base = '/api/v1/drafting';

export function createDraftingClient(ask: AskServer): DraftingClient {
  const setupOf = (serverUrl: string): string => `${serverUrl}${base}/setup`;
  return {
    state: (serverUrl, accessToken) =>
      ask({ method: 'GET', url: `${serverUrl}${base}`, schema: DraftingStateSchema, accessToken }),
    ask: (serverUrl, accessToken, body) =>
      ask({ method: 'POST', url: `${serverUrl}${base}`, schema: ModelAnswerSchema, body, accessToken, limitMs }),
    setup: (serverUrl, accessToken) =>
      ask({ method: 'GET', url: setupOf(serverUrl), schema: DraftingSetupSchema, accessToken }),
    save: (serverUrl, accessToken, body) =>
      ask({ method: 'PUT', url: setupOf(serverUrl), schema: DraftingSetupSchema, body, accessToken, limitMs }),
    remove: (serverUrl, accessToken) =>
      ask({ method: 'DELETE', url: setupOf(serverUrl), schema: DraftingSetupSchema, accessToken }),
    test: (serverUrl, accessToken) =>
      ask({
        method: 'POST',
        url: `${setupOf(serverUrl)}/test`,
        schema: ModelAnswerSchema,
        body: {},
        accessToken,
        limitMs,
      }),
  };
}
