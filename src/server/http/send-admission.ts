import type { FastifyReply } from 'fastify';
import { isChallenge, type Admission } from '#shared/sync/sign-in-messages.ts';

/** 200 with a session, 202 with what is still owed. Whatever route took the first proof answers so. */
export function sendAdmission(reply: Pick<FastifyReply, 'code' | 'send'>, admission: Admission): FastifyReply {
  return reply.code(isChallenge(admission) ? 202 : 200).send(admission);
}
