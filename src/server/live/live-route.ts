// GET /sync/v1/live: a WebSocket that only ever says "poke" or "bye", and, when asked to, who is connected. The token comes in the Authorization header or as
// first message {"token": …}; a socket that has not introduced itself in time, or says anything else, is closed.
import { Value } from 'typebox/value';
import { Type } from 'typebox';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { bearerTokenOf, type HttpServer } from '#server/http/http-server.ts';
import type { Gate } from '#server/http/gate.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { LiveConnection, LiveHub } from '#server/live/live-hub.ts';
import { OutpostError, toOutpostError } from '#shared/kernel/errors.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';

const INTRODUCTION_LIMIT_MS = 5_000;
export const LIVE_MESSAGE_LIMIT_BYTES = 8 * 1024;
const CLOSE_POLICY = 1008;
const CLOSE_NOT_SIGNED_IN = 4401;
const CLOSE_INTERNAL = 1011;

const PresenceQuerySchema = Type.Object({ presence: Type.Literal('1') });
const IntroductionSchema = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 4096 }) },
  { additionalProperties: false },
);

function readToken(text: string): string | null {
  try {
    const message: unknown = JSON.parse(text);
    return Value.Check(IntroductionSchema, message) ? message.token : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function addLiveRoute(app: HttpServer, gate: Gate, hub: LiveHub): void {
  async function introduce(
    socket: WebSocket,
    recognise: () => Promise<Principal>,
    wantsPresence: boolean,
  ): Promise<LiveConnection | null> {
    try {
      const connection = await hub.join(socket, await recognise(), wantsPresence);
      if (connection === null) socket.close(CLOSE_NOT_SIGNED_IN, 'session ended');
      else {
        if (socket.readyState !== socket.OPEN) connection.left();
        // Whatever happened between the last pull and now is not lost: the device pulls once it is connected.
        else socket.send('{"t":"poke"}');
      }
      return connection;
    } catch (error) {
      const { code } = toOutpostError(error);
      if (code === 'internal') app.log.error({ err: error }, 'live connection failed');
      socket.close(code === 'internal' ? CLOSE_INTERNAL : CLOSE_NOT_SIGNED_IN, code);
      return null;
    }
  }

  function serve(socket: WebSocket, request: FastifyRequest): void {
    let connection: LiveConnection | null = null;
    let isIntroduced = bearerTokenOf(request) !== null;
    const patience = setTimeout(() => {
      if (!isIntroduced) socket.close(CLOSE_POLICY, 'no token');
    }, INTRODUCTION_LIMIT_MS);
    const start = async (recognise: () => Promise<Principal>) => {
      clearTimeout(patience);
      connection = await introduce(socket, recognise, Value.Check(PresenceQuerySchema, request.query));
    };
    socket.on('pong', () => connection?.heard());
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(patience);
      connection?.left();
    });
    socket.on('message', (data: Buffer) => {
      const token = isIntroduced ? null : readToken(data.toString('utf8'));
      if (token === null) {
        socket.close(CLOSE_POLICY, 'unexpected message');
        return;
      }
      isIntroduced = true;
      void start(() => gate.admit(token, request, null));
    });
    const { principal } = request;
    if (principal) void start(async () => principal);
  }

  app.route({
    method: 'GET',
    url: '/sync/v1/live',
    config: { access: 'socket' },
    schema: {
      summary: 'WebSocket that pokes when something you can see may have changed',
      description:
        'The token comes in the Authorization header or as the first message {"token": "…"}. Messages: {"t":"poke"}, {"t":"bye"}; with ?presence=1 also {"t":"presence","on":[…],"off":[…]} with ids of colleagues you may see.',
      tags: ['sync'],
      response: { '4xx': ErrorResponseSchema },
    },
    handler: async () => {
      throw new OutpostError('invalid', 'Open a WebSocket at this address.');
    },
    wsHandler: serve,
  });
}
