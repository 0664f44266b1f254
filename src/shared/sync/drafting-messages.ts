// Drafting with a language model on the wire: what an organization set up, what it used, and a request. A request holds the same
// few facts a draft of this computer is made of, and nothing else of any record; the key goes one way only.
import { Type, type Static } from 'typebox';
import { draftIntents, draftLanguages, draftTones } from '#shared/drafting/draft-types.ts';

const closed = { additionalProperties: false } as const;
const filled = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const count = Type.Integer({ minimum: 0 });

export const modelKinds = ['openai', 'gemini'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** Where each kind is reached, unless something else is entered. */
export const usualAddresses: Readonly<Record<ModelKind, string>> = {
  openai: 'https://api.openai.com/v1',
  gemini: 'https://generativelanguage.googleapis.com/v1beta',
};

const Setup = {
  isOn: Type.Boolean(),
  kind: Type.Enum([...modelKinds]),
  baseUrl: filled(500),
  model: filled(120),
  /** Calls of everybody together in 24 hours. */
  dailyCalls: Type.Integer({ minimum: 1, maximum: 100_000 }),
  /** What a million tokens cost, for the sum that is shown; null: not known. */
  priceIn: Type.Union([Type.Number({ minimum: 0, maximum: 100_000 }), Type.Null()]),
  priceOut: Type.Union([Type.Number({ minimum: 0, maximum: 100_000 }), Type.Null()]),
};
/** `secret` null: the one that is kept. */
export const DraftingInputSchema = Type.Object({ ...Setup, secret: Type.Union([filled(1000), Type.Null()]) }, closed);
export type DraftingInput = Static<typeof DraftingInputSchema>;

export const DraftingSetupSchema = Type.Object({
  setup: Type.Union([Type.Object({ ...Setup, hasSecret: Type.Boolean() }), Type.Null()]),
  /** Of the last thirty days. */
  used: Type.Object({
    calls: count,
    failed: count,
    tokensIn: count,
    tokensOut: count,
    cost: Type.Union([Type.Number(), Type.Null()]),
  }),
});
export type DraftingSetup = Static<typeof DraftingSetupSchema>;

/** For everybody: whether there is a model, and whose. */
export const DraftingStateSchema = Type.Object({
  isOn: Type.Boolean(),
  host: Type.Union([Type.String(), Type.Null()]),
  model: Type.Union([Type.String(), Type.Null()]),
});
export type DraftingState = Static<typeof DraftingStateSchema>;

const fact = Type.Optional(filled(300));
const FactsSchema = Type.Object(
  {
    firstName: fact,
    lastName: fact,
    salutation: fact,
    company: fact,
    deal: fact,
    sender: fact,
    senderFirstName: fact,
    lastTalk: Type.Optional(Type.Object({ kind: Type.Enum(['call', 'meeting', 'demo']), day: filled(60) }, closed)),
    freeDays: Type.Optional(Type.Array(filled(60), { maxItems: 4 })),
  },
  closed,
);

export const modelTasks = ['write', 'shorten', 'retone'] as const;
export type ModelTask = (typeof modelTasks)[number];

export const ModelRequestSchema = Type.Object(
  {
    task: Type.Enum([...modelTasks]),
    intent: Type.Enum([...draftIntents]),
    language: Type.Enum([...draftLanguages]),
    tone: Type.Enum([...draftTones]),
    facts: FactsSchema,
    /** What is written so far. */
    text: Type.String({ maxLength: 10_000 }),
  },
  closed,
);
export type ModelRequest = Static<typeof ModelRequestSchema>;

export const ModelAnswerSchema = Type.Object({
  text: Type.String({ maxLength: 40_000 }),
  tokensIn: count,
  tokensOut: count,
});
export type ModelAnswer = Static<typeof ModelAnswerSchema>;

/** Why a model gave no answer; `provider_failed` carries it as `failure`. */
export const modelFailures = ['key', 'model', 'busy', 'down', 'answer', 'refused'] as const;
export type ModelFailure = (typeof modelFailures)[number];
