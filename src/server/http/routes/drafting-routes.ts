// Drafting with a language model, and what administrators set up for it.
import {
  DraftingInputSchema,
  DraftingSetupSchema,
  DraftingStateSchema,
  ModelAnswerSchema,
  ModelRequestSchema,
} from '#shared/sync/drafting-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import type { Drafting } from '#server/drafting/drafting.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['drafting'];
const base = '/api/v1/drafting';
const setup = { response: { 200: DraftingSetupSchema, ...failures } };
/** A question takes long and may cost money. */
const config = { rateLimit: { max: 120, timeWindow: '1 minute' } };

export function addDraftingRoutes(app: HttpServer, drafting: Drafting): void {
  app.get(
    base,
    {
      schema: {
        summary: 'Whether drafts can be asked of a language model',
        tags,
        response: { 200: DraftingStateSchema, ...failures },
      },
    },
    (request) => drafting.state(principalOf(request)),
  );
  app.post(
    base,
    {
      config,
      schema: {
        summary: 'Ask the language model for a text',
        tags,
        body: ModelRequestSchema,
        response: { 200: ModelAnswerSchema, ...failures },
      },
    },
    (request) => drafting.ask(principalOf(request), request.body),
  );
  app.get(
    `${base}/setup`,
    {
      schema: { summary: 'The language model of your organization, without its key, and what it used', tags, ...setup },
    },
    (request) => drafting.setup(principalOf(request)),
  );
  app.put(
    `${base}/setup`,
    { schema: { summary: 'Set up the language model', tags, body: DraftingInputSchema, ...setup } },
    (request) => drafting.save(principalOf(request), request.body),
  );
  app.delete(
    `${base}/setup`,
    { schema: { summary: 'Forget the language model and its key', tags, ...setup } },
    (request) => drafting.remove(principalOf(request)),
  );
  app.post(
    `${base}/setup/test`,
    {
      config,
      schema: { summary: 'Ask a first question', tags, response: { 200: ModelAnswerSchema, ...failures } },
    },
    (request) => drafting.test(principalOf(request)),
  );
}
