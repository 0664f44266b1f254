// Asks a language model in the way its provider published: chat completions as OpenAI and everybody compatible has them, or
// generateContent as Gemini has it. The address goes through the one way out of the server; nothing is asked twice.
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { ModelPrompt } from '#shared/drafting/model-prompt.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { ModelAnswer, ModelFailure, ModelKind } from '#shared/sync/drafting-messages.ts';
import type { Egress } from '#server/egress/egress.ts';

export interface ModelPlace {
  readonly kind: ModelKind;
  readonly baseUrl: string;
  readonly model: string;
  readonly secret: string;
}

const MOST_TOKENS = 1500;
const MOST_LETTERS = 40_000;
/** A model thinks longer than an ordinary address. */
const LIMIT_MS = 40_000;

const Count = Type.Optional(Type.Integer({ minimum: 0 }));
const ChatAnswer = Type.Object({
  choices: Type.Array(Type.Object({ message: Type.Object({ content: Type.Union([Type.String(), Type.Null()]) }) }), {
    minItems: 1,
  }),
  usage: Type.Optional(Type.Object({ prompt_tokens: Count, completion_tokens: Count })),
});
const GeminiAnswer = Type.Object({
  candidates: Type.Optional(
    Type.Array(
      Type.Object({
        content: Type.Optional(
          Type.Object({ parts: Type.Optional(Type.Array(Type.Object({ text: Type.Optional(Type.String()) }))) }),
        ),
      }),
    ),
  ),
  usageMetadata: Type.Optional(Type.Object({ promptTokenCount: Count, candidatesTokenCount: Count })),
});

export function failed(failure: ModelFailure, cause?: unknown): OutpostError {
  return new OutpostError('provider_failed', 'The language model gave no answer.', { failure }, { cause });
}

/** @throws OutpostError `provider_failed` with a `failure` of the list, `address_forbidden` */
export async function askModel(egress: Egress, place: ModelPlace, prompt: ModelPrompt): Promise<ModelAnswer> {
  return place.kind === 'gemini' ? askGemini(egress, place, prompt) : askChat(egress, place, prompt);
}

async function askChat(
  egress: Egress,
  place: ModelPlace,
  { instructions, content }: ModelPrompt,
): Promise<ModelAnswer> {
  const body = {
    model: place.model,
    max_tokens: MOST_TOKENS,
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content },
    ],
  };
  const headers = { authorization: `Bearer ${place.secret}` };
  const answer = await post(egress, `${baseOf(place)}/chat/completions`, headers, body, ChatAnswer);
  const text = answer.choices[0]?.message.content ?? '';
  return answerOf(text, answer.usage?.prompt_tokens, answer.usage?.completion_tokens);
}

async function askGemini(
  egress: Egress,
  place: ModelPlace,
  { instructions, content }: ModelPrompt,
): Promise<ModelAnswer> {
  const body = {
    systemInstruction: { parts: [{ text: instructions }] },
    contents: [{ role: 'user', parts: [{ text: content }] }],
    generationConfig: { maxOutputTokens: MOST_TOKENS },
  };
  const name = encodeURIComponent(place.model.replace(/^models\//, ''));
  // The key travels in a header: an address is written into logs.
  const headers = { 'x-goog-api-key': place.secret };
  const answer = await post(egress, `${baseOf(place)}/models/${name}:generateContent`, headers, body, GeminiAnswer);
  const text = (answer.candidates?.[0]?.content?.parts ?? []).map((part) => part.text ?? '').join('');
  return answerOf(text, answer.usageMetadata?.promptTokenCount, answer.usageMetadata?.candidatesTokenCount);
}

const baseOf = ({ baseUrl }: ModelPlace): string => baseUrl.replace(/\/+$/, '');

function answerOf(text: string, tokensIn = 0, tokensOut = 0): ModelAnswer {
  const trimmed = text.trim();
  if (trimmed === '') throw failed('refused');
  return { text: trimmed.slice(0, MOST_LETTERS), tokensIn, tokensOut };
}

async function post<Schema extends TSchema>(
  egress: Egress,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  schema: Schema,
): Promise<Static<Schema>> {
  const response = await send(egress, url, headers, body);
  if (!response.ok) throw failed(failureOf(response.status));
  const answer: unknown = await response.json().catch((cause: unknown) => {
    throw failed('answer', cause);
  });
  if (!Value.Check(schema, answer)) throw failed('answer');
  return answer;
}

async function send(
  egress: Egress,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Response> {
  try {
    return await egress.fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      limitMs: LIMIT_MS,
    });
  } catch (error) {
    if (error instanceof OutpostError && error.code === 'address_forbidden') throw error;
    throw failed('down', error);
  }
}

/** What an answer that is none says; where it would lead to somewhere else, nobody follows. */
function failureOf(status: number): ModelFailure {
  if (status === 401 || status === 403) return 'key';
  if (status === 400 || status === 404) return 'model';
  return status === 429 ? 'busy' : 'down';
}
