// A stand-in for a language model, on this computer: it speaks what OpenAI and Gemini published, remembers what it was sent, and
// answers as it is told to.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface TestModel {
  readonly url: string;
  readonly port: number;
  readonly heard: HeardRequest[];
  /** For the next answers: a status, or another body. */
  answerWith(next: {
    readonly status?: number;
    readonly text?: string;
    readonly raw?: string;
    readonly location?: string;
  }): void;
  stop(): Promise<void>;
}

export const MODEL_KEY = 'sk-test-0123456789';

export async function startLanguageModel(): Promise<TestModel> {
  const heard: HeardRequest[] = [];
  let next: Parameters<TestModel['answerWith']>[0] = {};
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '';
      heard.push({
        path,
        headers: request.headers,
        body: JSON.parse(Buffer.concat(parts).toString('utf8')) as HeardRequest['body'],
      });
      const isGemini = path.includes(':generateContent');
      const key = isGemini ? request.headers['x-goog-api-key'] : request.headers.authorization?.replace('Bearer ', '');
      const status = next.status ?? (key === MODEL_KEY ? 200 : 401);
      const text = next.text ?? 'Written by the model.';
      const answer = isGemini
        ? {
            candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }],
            usageMetadata: { promptTokenCount: 120, candidatesTokenCount: 30, totalTokenCount: 150 },
          }
        : {
            id: 'chatcmpl-1',
            object: 'chat.completion',
            choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
            usage: { prompt_tokens: 100, completion_tokens: 40, total_tokens: 140 },
          };
      const headers = next.location === undefined ? {} : { location: next.location };
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(next.raw ?? JSON.stringify(status === 200 ? answer : { error: { message: `no: ${MODEL_KEY}` } }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/v1`,
    port,
    heard,
    answerWith: (wanted) => {
      next = wanted;
    },
    stop: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
